'use client'

import { useEffect, useRef, useState } from 'react'

/** Chats that are put into the page at once. */
export const PAGE = 30

/**
 * How many of `count` items are shown: a page of them, one more each time `sentinel` comes near, and
 * always as far as the one that is open.
 */
export function useListPage(count: number, openAt: number) {
  const sentinel = useRef<HTMLDivElement>(null)
  const [pages, setPages] = useState(1)
  const shown = Math.min(count, Math.max(pages * PAGE, openAt + 1))

  useEffect(() => {
    const element = sentinel.current
    if (!element || shown >= count) return
    const near = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setPages(Math.floor(shown / PAGE) + 1)
      },
      { root: element.closest('nav'), rootMargin: '600px' },
    )
    near.observe(element)
    return () => near.disconnect()
  }, [shown, count])

  return { shown, sentinel }
}
