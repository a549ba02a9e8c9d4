import type { Span } from './words'

export type Excerpt = { excerpt: string; highlights: Span[] }

/** In code points: about three lines of the dialog. */
const LENGTH = 220
/** What stands before the place that was found. */
const LEAD = 50
/** How far an end of the excerpt may move to fall between words. */
const SLACK = 20

const isSpace = (point: string | undefined) => point !== undefined && /\s/.test(point)

/** The next start of a word at or after `at`, if one is near. */
function wordStart(points: string[], at: number): number {
  for (let index = at; index < Math.min(points.length, at + SLACK); index += 1) {
    if (isSpace(points[index - 1])) return index
  }
  return at
}

/** The last end of a word at or before `at`, if one is near. */
function wordEnd(points: string[], at: number): number {
  for (let index = at; index > Math.max(0, at - SLACK); index -= 1) {
    if (isSpace(points[index])) return index
  }
  return at
}

/**
 * The part of `text` around the code point `at`, with those of `spans` that lie in it. `…` says that
 * there is more.
 */
export function excerptOf(text: string, at: number, spans: Span[]): Excerpt {
  const points = Array.from(text)
  const latest = Math.max(0, points.length - LENGTH)
  const wanted = Math.min(Math.max(0, at - LEAD), latest)
  const start = wanted === 0 ? 0 : Math.min(wordStart(points, wanted), Math.max(wanted, at))
  const full = start + LENGTH >= points.length
  const end = full ? points.length : wordEnd(points, start + LENGTH)
  const before = start > 0 ? '…' : ''
  const shift = start - before.length
  return {
    excerpt: `${before}${points.slice(start, end).join('')}${full ? '' : '…'}`,
    highlights: spans
      .filter((span) => span.end > start && span.start < end)
      .map((span) => ({
        start: Math.max(span.start, start) - shift,
        end: Math.min(span.end, end) - shift,
      })),
  }
}
