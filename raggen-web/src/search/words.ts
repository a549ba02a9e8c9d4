/** Offsets in Unicode code points, as raggen-embed counts them. */
export type Span = { start: number; end: number }

const MAX_TERMS = 12

/** As words are compared: without case, ё as е. Offsets stay: a letter that grows by it is kept as it is. */
export function folded(text: string): string {
  return Array.from(text, (point) => {
    const lower = point.toLowerCase()
    return lower.length === point.length ? lower.replace('ё', 'е') : point
  }).join('')
}

/** The words of a search, in order, each once. */
export function wordsOf(text: string): string[] {
  const words = folded(text.normalize('NFC'))
    .split(/[^\p{L}\p{N}\p{M}_@#.+/-]+/u)
    .map((word) => word.replace(/^[.+/-]+|[./-]+$/g, ''))
    .filter((word) => word !== '')
  return [...new Set(words)].slice(0, MAX_TERMS)
}

/**
 * How a database that knows the case of Latin letters alone may find a word: as it is written, with a
 * capital, in capitals. `_`, which stands for any character, is where е and ё are one letter.
 */
export function spellings(word: string): string[] {
  const [first = '', ...rest] = word
  const forms = [word, first.toUpperCase() + rest.join(''), word.toUpperCase()]
  return [...new Set(forms.map((form) => form.replace(/[еёЕЁ]/g, '_')))]
}

/** Where `words` (folded) occur in `text`, in order. `whole`: not as a part of a longer word. */
export function occurrences(text: string, words: string[], whole = false): Span[] {
  const haystack = folded(text)
  const spans: Span[] = []
  for (const word of words) {
    let at = haystack.indexOf(word)
    for (; at !== -1; at = haystack.indexOf(word, at + word.length)) {
      const end = at + word.length
      if (
        !whole ||
        (!endsInLetter(haystack.slice(0, at)) &&
          !/^[\p{L}\p{N}]/u.test(haystack.slice(end, end + 2)))
      ) {
        spans.push({ start: at, end })
      }
    }
  }
  return inCodePoints(
    text,
    spans.toSorted((a, b) => a.start - b.start || a.end - b.end),
  )
}

const endsInLetter = (text: string) => /[\p{L}\p{N}]$/u.test(text.slice(-2))

/** Spans in UTF-16 units, in order, counted in code points. */
function inCodePoints(text: string, spans: Span[]): Span[] {
  let unit = 0
  let point = 0
  const countTo = (target: number) => {
    for (; unit < target; point += 1) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1
    return point
  }
  return spans.map(({ start, end }) => {
    const from = countTo(start)
    // The next span may begin inside this one: the count must not run past its start.
    const [unitThere, pointThere] = [unit, point]
    const to = countTo(end)
    ;[unit, point] = [unitThere, pointThere]
    return { start: from, end: to }
  })
}
