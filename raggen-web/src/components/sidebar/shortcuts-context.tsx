'use client'

import { createContext, useContext, useEffect, useState } from 'react'
import type { ReactNode } from 'react'

import { ShortcutsDialog } from './shortcuts-dialog'
import { isApple } from './use-is-apple'

const ShortcutsContext = createContext<(() => void) | null>(null)

/** Ctrl+/ (⌘/) shows all keys. By the key's place, so that it works on a Russian layout. */
export function ShortcutsProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code !== 'Slash' || event.shiftKey || event.altKey) return
      if (!(isApple() ? event.metaKey : event.ctrlKey)) return
      event.preventDefault()
      setOpen((shown) => !shown)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  return (
    <ShortcutsContext value={() => setOpen(true)}>
      {children}
      <ShortcutsDialog open={open} onOpenChange={setOpen} />
    </ShortcutsContext>
  )
}

/** Opens the list of keys. */
export function useShortcuts(): () => void {
  const show = useContext(ShortcutsContext)
  if (!show) throw new Error('useShortcuts needs a ShortcutsProvider above it')
  return show
}
