'use client'

import { useLayoutEffect, type RefObject } from 'react'

function fit(element: HTMLTextAreaElement): void {
  element.style.height = 'auto'
  element.style.height = `${element.scrollHeight}px`
}

/** Makes a text area as high as its text; its CSS sets the limits (min and max height). */
export function useGrowingHeight(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (field.current) fit(field.current)
  }, [field, text])
}
