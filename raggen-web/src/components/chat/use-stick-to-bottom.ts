'use client'

import { useCallback, useEffect, useRef, useState } from 'react'

/** Closer to the end than this counts as being at the end. */
const NEAR_PX = 64

/**
 * Keeps a scrolling element at its end while its content grows, until the person scrolls up.
 * `atEnd` drives the "to the latest message" button.
 */
export function useStickToBottom() {
  const scroller = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const sticking = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = useCallback((behavior: ScrollBehavior = 'auto') => {
    sticking.current = true
    setAtEnd(true)
    const element = scroller.current
    element?.scrollTo({ top: element.scrollHeight, behavior })
  }, [])

  /** Somewhere else was jumped to on purpose: growing content must not pull the page down. */
  const release = useCallback(() => {
    sticking.current = false
  }, [])

  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    let lastTop = element.scrollTop
    const onScroll = () => {
      const gap = element.scrollHeight - element.scrollTop - element.clientHeight
      // Only the person scrolls up; growing content and `toEnd` never do.
      if (element.scrollTop < lastTop - 1 && gap > 1) sticking.current = false
      if (gap < NEAR_PX && element.scrollTop >= lastTop) sticking.current = true
      lastTop = element.scrollTop
      setAtEnd(gap < NEAR_PX)
    }
    const onGrowth = new ResizeObserver(() => {
      if (sticking.current) element.scrollTop = element.scrollHeight
      onScroll()
    })
    element.addEventListener('scroll', onScroll, { passive: true })
    onGrowth.observe(content.current)
    onGrowth.observe(element)
    return () => {
      element.removeEventListener('scroll', onScroll)
      onGrowth.disconnect()
    }
  }, [])

  return { scroller, content, atEnd, toEnd, release }
}
