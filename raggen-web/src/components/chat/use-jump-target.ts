'use client'

import { useEffect } from 'react'

const FLASH_MS = 2200

function jump(hash: string, release: () => void): void {
  const element = /^#m-[\w-]+$/.test(hash) ? document.getElementById(hash.slice(1)) : null
  if (!element) return
  release()
  element.scrollIntoView({ block: 'center' })
  element.focus({ preventScroll: true })
  element.dataset.flash = ''
  setTimeout(() => delete element.dataset.flash, FLASH_MS)
}

/**
 * Shows the message that the address names (`#m-<id>`): scrolls to it, focuses it, flashes it.
 * Next's client navigation does not fire `hashchange`, so links within a chat come through
 * a click as well.
 */
export function useJumpTarget(release: () => void): void {
  useEffect(() => {
    const show = () => jump(window.location.hash, release)
    // After the first paint has settled (fonts, restored scroll position).
    const first = requestAnimationFrame(show)
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (!link?.hash.startsWith('#m-') || link.pathname !== window.location.pathname) return
      setTimeout(show)
    }
    window.addEventListener('hashchange', show)
    document.addEventListener('click', onClick)
    return () => {
      cancelAnimationFrame(first)
      window.removeEventListener('hashchange', show)
      document.removeEventListener('click', onClick)
    }
  }, [release])
}
