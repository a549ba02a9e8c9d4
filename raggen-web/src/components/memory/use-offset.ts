'use client'

import { useEffect, useRef, useState, type RefObject } from 'react'

/** How high an element is, in pixels, whatever comes into it. */
export function useOffset(): [RefObject<HTMLDivElement | null>, number] {
  const element = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const measure = new ResizeObserver(() => setHeight(element.current?.offsetHeight ?? 0))
    if (element.current) measure.observe(element.current)
    return () => measure.disconnect()
  }, [])
  return [element, height]
}
