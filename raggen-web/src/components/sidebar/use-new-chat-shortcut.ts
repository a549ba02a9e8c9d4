'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

import { isApple, useIsApple } from './use-is-apple'

/** How the shortcut is written on this computer. */
export function useShortcutLabel(): string {
  return useIsApple() ? '⇧⌘O' : 'Ctrl+Shift+O'
}

/** Ctrl+Shift+O (⇧⌘O) starts a new chat. By the key's place, so that it works on a Russian layout. */
export function useNewChatShortcut(): void {
  const router = useRouter()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code !== 'KeyO' || !event.shiftKey || event.altKey) return
      if (!(isApple() ? event.metaKey : event.ctrlKey)) return
      event.preventDefault()
      router.push('/')
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [router])
}
