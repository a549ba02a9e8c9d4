import { describe, expect, it } from 'vitest'

import { excerptOf } from './excerpt'
import { folded, occurrences, spellings, wordsOf } from './words'

describe('the words of a search', () => {
  it.each([
    ['Мой Ёжик, мой ёжик!', ['мой', 'ежик']],
    ['ERR_42 in src/app.ts…', ['err_42', 'in', 'src/app.ts']],
    ['100%', ['100']],
    ['?! — ()', []],
    ['C++ and C#', ['c++', 'and', 'c#']],
  ])('of %j', (text, words) => expect(wordsOf(text)).toEqual(words))

  it('are at most twelve, whatever is pasted', () => {
    expect(wordsOf(Array.from({ length: 500 }, (_, index) => `w${index}`).join(' '))).toHaveLength(
      12,
    )
  })

  it('are spelled as a database without Cyrillic case may meet them', () => {
    expect(spellings('елка')).toEqual(['_лка', '_ЛКА'])
    expect(spellings('гроза')).toEqual(['гроза', 'Гроза', 'ГРОЗА'])
  })

  it('are found wherever they stand, counted in code points', () => {
    const text = '🐶🐶 Гроза! ГРОЗА и грозы'
    const spans = occurrences(text, ['гроз'])
    const points = Array.from(text)
    expect(spans.map(({ start, end }) => points.slice(start, end).join(''))).toEqual([
      'Гроз',
      'ГРОЗ',
      'гроз',
    ])
    expect(occurrences('кот котёл скот кот', ['кот'], true)).toEqual([
      { start: 0, end: 3 },
      { start: 15, end: 18 },
    ])
    expect(occurrences('aaaa', ['aa', 'aaa'])).toEqual([
      { start: 0, end: 2 },
      { start: 0, end: 3 },
      { start: 2, end: 4 },
    ])
  })

  it('keep their places in letters that grow in lower case', () => {
    expect(folded('İİ Ёлка')).toHaveLength('İİ Ёлка'.length)
    expect(occurrences('İİ Ёлка', ['елка'])).toEqual([{ start: 3, end: 7 }])
  })
})

describe('an excerpt', () => {
  const long = Array.from({ length: 300 }, (_, index) => `слово${index}🐶`).join(' ')

  it('is the whole of a short text', () => {
    expect(excerptOf('Archie barks', 7, [{ start: 7, end: 12 }])).toEqual({
      excerpt: 'Archie barks',
      highlights: [{ start: 7, end: 12 }],
    })
  })

  it.each([0, 57, 1000, 2500, Array.from(long).length - 1])(
    'around %i shows what is there',
    (at) => {
      const { excerpt, highlights } = excerptOf(long, at, [{ start: at, end: at + 1 }])
      const points = Array.from(excerpt)
      expect(points.length).toBeLessThanOrEqual(222)
      expect(highlights).toHaveLength(1)
      const [{ start, end }] = highlights as [{ start: number; end: number }]
      expect(points.slice(start, end).join('')).toBe(Array.from(long)[at])
      expect(excerpt.startsWith('…')).toBe(at > 50)
      expect(excerpt.endsWith('…')).toBe(at < Array.from(long).length - 170)
    },
  )

  it('does not hide a word longer than itself', () => {
    const { excerpt, highlights } = excerptOf('x'.repeat(5000), 2000, [{ start: 2000, end: 2400 }])
    expect(Array.from(excerpt).length).toBeLessThanOrEqual(222)
    expect(highlights[0]?.end).toBeGreaterThan(highlights[0]?.start ?? Infinity)
  })
})
