'use client'

import { useEffect, useEffectEvent } from 'react'

const FLASH_MS = 2200
/** How long a row may take to be rendered once it was scrolled to. */
const RENDER_PATIENCE_MS = 2_000

/** The message that the address names (`#m-<id>`). */
function addressed(): string | null {
  return /^#m-([\w-]+)$/.exec(window.location.hash)?.[1] ?? null
}

/** The element of a message, as soon as its row is in the page; null when it does not come. */
export async function rendered(messageId: string): Promise<HTMLElement | null> {
  const deadline = performance.now() + RENDER_PATIENCE_MS
  while (performance.now() < deadline) {
    const element = document.getElementById(`m-${messageId}`)
    if (element) return element
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  return null
}

async function flash(messageId: string): Promise<void> {
  const element = await rendered(messageId)
  if (!element) return
  element.focus({ preventScroll: true })
  element.dataset.flash = ''
  setTimeout(() => delete element.dataset.flash, FLASH_MS)
}

/**
 * Shows the message that the address names: `bring` makes its row visible (or says that there is
 * none), then it is focused and flashes. Next's client navigation does not fire `hashchange`, so
 * links within a chat come through a click as well.
 */
export function useJumpTarget(bring: (messageId: string) => Promise<boolean>): void {
  const show = useEffectEvent(async () => {
    const messageId = addressed()
    if (messageId && (await bring(messageId))) await flash(messageId)
  })
  useEffect(() => {
    const onChange = () => void show()
    // After the first paint has settled (fonts, rows measured).
    const first = requestAnimationFrame(() => requestAnimationFrame(onChange))
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (!link?.hash.startsWith('#m-') || link.pathname !== window.location.pathname) return
      setTimeout(onChange)
    }
    window.addEventListener('hashchange', onChange)
    document.addEventListener('click', onClick)
    return () => {
      cancelAnimationFrame(first)
      window.removeEventListener('hashchange', onChange)
      document.removeEventListener('click', onClick)
    }
  }, [])
}
