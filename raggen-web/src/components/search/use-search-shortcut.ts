'use client'

import { useEffect, useSyncExternalStore } from 'react'

const never = () => () => {}
const isApple = () => /Mac|iPhone|iPad/.test(navigator.userAgent)

/** How the shortcut is written on this computer. */
export function useSearchShortcutLabel(): string {
  const apple = useSyncExternalStore(never, isApple, () => false)
  return apple ? '⌘K' : 'Ctrl+K'
}

/** Ctrl+K (⌘K). By the key's place, so that it works on a Russian layout. */
export function useSearchShortcut(onPress: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code !== 'KeyK' || event.shiftKey || event.altKey || event.repeat) return
      if (!(isApple() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)) return
      event.preventDefault()
      onPress()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [onPress])
}
