import { render } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { HighlightedText, tidySpans } from './highlighted-text'

describe('tidySpans', () => {
  it('orders, clips and merges', () => {
    const spans = [
      { start: 8, end: 99 },
      { start: 2, end: 5 },
      { start: 4, end: 6 },
      { start: 7, end: 7 },
      { start: -3, end: 1 },
    ]
    expect(tidySpans(spans, 10)).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 6 },
      { start: 8, end: 10 },
    ])
  })
})

describe('HighlightedText', () => {
  it('loses no character and counts code points', () => {
    const text = '👩‍🚀𝔸 раз. Два. Три.'
    const points = Array.from(text)
    const start = points.indexOf('Д')
    const { container } = render(
      <HighlightedText text={text} highlights={[{ start, end: start + 4 }]} />,
    )
    expect(container.textContent).toBe(text)
    expect(container.querySelector('mark')?.textContent).toBe('Два.')
  })
})
