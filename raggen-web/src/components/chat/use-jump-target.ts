'use client'

import { useEffect, useEffectEvent } from 'react'

const FLASH_MS = 2200
const ATTEMPTS = 8
/** A row that is still in view after this has found its place. */
const SETTLING_MS = 400
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

function flash(element: HTMLElement): void {
  element.focus({ preventScroll: true })
  element.dataset.flash = ''
  setTimeout(() => delete element.dataset.flash, FLASH_MS)
}

function isVisible(element: HTMLElement): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return element.isConnected && bottom > 0 && top < window.innerHeight
}

/** Resolves when the person scrolls or types, which must not be fought, or after `ms`. */
async function interrupted(ms: number): Promise<boolean> {
  const listening = new AbortController()
  const { signal } = listening
  const { promise, resolve } = Promise.withResolvers<boolean>()
  for (const event of ['wheel', 'touchstart', 'keydown'])
    window.addEventListener(event, () => resolve(true), { signal, passive: true })
  const timer = setTimeout(() => resolve(false), ms)
  const left = await promise
  clearTimeout(timer)
  listening.abort()
  return left
}

/**
 * Brings a message into view and keeps it there while what stands above it is still being read and
 * measured: each of that moves what is below.
 */
async function show(messageId: string, bring: (messageId: string) => Promise<boolean>) {
  let flashed: HTMLElement | null = null
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (addressed() !== messageId || !(await bring(messageId))) return
    const element = await rendered(messageId)
    if (element && element !== flashed) flash(element)
    flashed = element
    if (await interrupted(SETTLING_MS)) return
    if (element && isVisible(element)) return
  }
}

/**
 * Shows the message that the address names: `bring` makes its row visible (or says that there is
 * none), then it is focused and flashes. Next's client navigation does not fire `hashchange`, so
 * links within a chat come through a click as well.
 */
export function useJumpTarget(bring: (messageId: string) => Promise<boolean>): void {
  const showAddressed = useEffectEvent(async () => {
    const messageId = addressed()
    if (messageId) await show(messageId, bring)
  })
  useEffect(() => {
    const onChange = () => void showAddressed()
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
