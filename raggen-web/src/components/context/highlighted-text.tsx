import { Fragment } from 'react'

type Span = { start: number; end: number }

/** Spans in order, clipped to the text, overlapping ones merged. */
export function tidySpans(spans: Span[], length: number): Span[] {
  const sorted = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => a.start - b.start)
  const merged: Span[] = []
  for (const span of sorted) {
    const before = merged.at(-1)
    if (before && span.start <= before.end) before.end = Math.max(before.end, span.end)
    else merged.push({ ...span })
  }
  return merged
}

/**
 * A text with the sentences marked that answer best. Offsets are Unicode code points, as
 * raggen-embed counts them: JavaScript's own count UTF-16 units and would be off after an emoji.
 */
export function HighlightedText({ text, highlights }: { text: string; highlights: Span[] }) {
  const points = Array.from(text)
  const spans = tidySpans(highlights, points.length)
  const slice = (start: number, end?: number) => points.slice(start, end).join('')
  return (
    <>
      {spans.map(({ start, end }, index) => (
        <Fragment key={start}>
          {slice(index === 0 ? 0 : (spans[index - 1]?.end ?? 0), start)}
          <mark className="rounded-sm bg-mark box-decoration-clone px-0.5 text-ink">
            {slice(start, end)}
          </mark>
        </Fragment>
      ))}
      {slice(spans.at(-1)?.end ?? 0)}
    </>
  )
}
