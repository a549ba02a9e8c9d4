import { describe, expect, it } from 'vitest'

import en from '../../../messages/en'
import ru from '../../../messages/ru'

type Tree = { [key: string]: string | Tree }

/** `a.b.c` → sentence. */
function flat(tree: Tree, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value]] : [...flat(value, `${path}${key}.`)],
    ),
  )
}

/** The names of the holes in a sentence: {count}, {title}… */
const holes = (sentence: string) =>
  [...new Set(Array.from(sentence.matchAll(/\{(\w+)[,}]/g), ([, name]) => name))].toSorted()

const english = flat(en)
const russian = flat(ru)

describe('the sentences of the interface', () => {
  it('exist in both languages', () => {
    expect([...russian.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    expect(english.size).toBeGreaterThan(150)
  })

  it.each([
    ['en', english],
    ['ru', russian],
  ])('are never empty in %s', (_locale, sentences) => {
    const empty = [...sentences].filter(([, sentence]) => sentence.trim() === '')
    expect(empty).toEqual([])
  })

  it('ask for the same values', () => {
    for (const [key, sentence] of english) {
      expect([key, holes(russian.get(key) ?? '')]).toEqual([key, holes(sentence)])
    }
  })

  it('have every Russian plural form', () => {
    for (const [key, sentence] of russian) {
      // "about N tokens" stands in the genitive, where few, many and other are one word.
      if (!sentence.includes(', plural,') || !/\b(few|many) \{/.test(sentence)) continue
      for (const form of ['one', 'few', 'many', 'other']) {
        expect(`${key}: ${sentence}`).toContain(`${form} {`)
      }
    }
  })
})
