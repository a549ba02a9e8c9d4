'use client'

import { useCallback, useEffect, useRef, useState } from 'react'

/** Closer to the end than this counts as being at the end. */
const NEAR_PX = 64
/** Scrolling within this time after a key, a wheel or a finger is the person's. */
const BY_PERSON_MS = 400

/** Rows that are measured move the page too: only hands count. */
function watchHands(element: HTMLElement): { recently: () => boolean; stop: () => void } {
  let last = -Infinity
  let held = false
  const listening = new AbortController()
  const options = { passive: true, signal: listening.signal }
  const onHand = () => {
    last = performance.now()
  }
  for (const name of ['wheel', 'touchmove', 'keydown'] as const) {
    element.addEventListener(name, onHand, options)
  }
  // The scrollbar: it may be let go anywhere.
  element.addEventListener('pointerdown', () => (held = true), options)
  for (const name of ['pointerup', 'pointercancel', 'pointermove'] as const) {
    const onMove = (event: PointerEvent) => {
      if (held && event.buttons === 0) {
        held = false
        onHand()
      }
    }
    window.addEventListener(name, onMove, options)
  }
  return {
    recently: () => held || performance.now() - last < BY_PERSON_MS,
    stop: () => listening.abort(),
  }
}

/**
 * Keeps a scrolling element at its end while its content grows, until the person scrolls up.
 * `atEnd` drives the "to the latest message" button.
 */
export function useStickToBottom() {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const sticking = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    sticking.current = true
    setAtEnd(true)
    const element = scroller.current
    element?.scrollTo({ top: element.scrollHeight })
  }, [])

  /** Somewhere else was gone to on purpose: growing content must not pull the page down. */
  const release = useCallback(() => {
    sticking.current = false
  }, [])

  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    const hands = watchHands(element)
    let lastTop = element.scrollTop
    const onScroll = () => {
      const gap = element.scrollHeight - element.scrollTop - element.clientHeight
      const down = element.scrollTop >= lastTop
      if (!down && gap > 1 && hands.recently()) sticking.current = false
      if (gap < NEAR_PX && down && hands.recently()) sticking.current = true
      lastTop = element.scrollTop
      setAtEnd(sticking.current || gap < NEAR_PX)
    }
    const onGrowth = new ResizeObserver(() => {
      if (sticking.current) element.scrollTop = element.scrollHeight
      onScroll()
    })
    element.addEventListener('scroll', onScroll, { passive: true })
    onGrowth.observe(content.current)
    onGrowth.observe(element)
    return () => {
      hands.stop()
      element.removeEventListener('scroll', onScroll)
      onGrowth.disconnect()
    }
  }, [])

  return { scroller, content, atEnd, toEnd, release }
}
