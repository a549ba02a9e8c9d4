'use client'

import type { KeyboardEvent } from 'react'

const STEPS: Record<string, (at: number, count: number) => number> = {
  ArrowDown: (at, count) => Math.min(count - 1, at + 1),
  ArrowUp: (at) => Math.max(0, at - 1),
  Home: () => 0,
  End: (_at, count) => count - 1,
}

/** ↑ ↓ Home End move between the links of a list; ← leads from a menu button back to its link. */
export function onListKeyDown(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const { target } = event
  if (!(target instanceof HTMLElement) || target instanceof HTMLInputElement) return
  if (target.closest('[role="menu"]')) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-testid="chat-link"]')]
  const at = links.findIndex((link) => link.parentElement?.contains(target))
  if (at < 0) return
  if (event.key === 'ArrowLeft') links[at]?.focus()
  else {
    const step = STEPS[event.key]
    // On the menu's button ↑ and ↓ open the menu.
    if (!step || target !== links[at]) return
    links[step(at, links.length)]?.focus()
  }
  event.preventDefault()
}
