import { describe, expect, it } from 'vitest'

import { BrokenFile, JsonPieces, type Piece } from './json-pieces'

const LIMITS = { pieceBytes: 1000, depth: 5 }

/** Takes `text` apart as if it came in chunks of `size` bytes. */
function apart(text: string, size = 7, limits = LIMITS) {
  const pieces = new JsonPieces('chats', limits)
  const bytes = Buffer.from(text)
  const found: Piece[] = []
  for (let from = 0; from < bytes.length; from += size) {
    found.push(...pieces.push(bytes.subarray(from, from + size)))
  }
  pieces.end()
  return { found, header: pieces.header }
}

const ELEMENTS = [
  { a: 'ё "quoted" \\ ]} [{,', b: [1, [2, [3]]], 'k"ey': '\\"' },
  [],
  {},
  'a string with ] and , and 🐶',
  '',
  -12.5e3,
  null,
  true,
]

describe('a JSON list that comes in piece by piece', () => {
  it.each([1, 2, 3, 5, 64, 100_000])('is the same in chunks of %i bytes', (size) => {
    for (const indent of [0, 2]) {
      const list = JSON.stringify(ELEMENTS, null, indent)
      const bare = apart(list, size)
      expect(bare.header).toBeNull()
      expect(bare.found.map(({ text }) => JSON.parse(text!) as unknown)).toEqual(ELEMENTS)
      const object = { before: [{ chats: [1] }], format: 'f', chats: ELEMENTS, after: [[{}], 'x'] }
      const inside = apart(`\uFEFF  ${JSON.stringify(object, null, indent)}\n`, size)
      expect(inside.header).toMatchObject({ before: [{ chats: [1] }], format: 'f' })
      expect(inside.found.map(({ text }) => JSON.parse(text!) as unknown)).toEqual(ELEMENTS)
    }
  })

  it('may be empty', () => {
    expect(apart('[]').found).toEqual([])
    expect(apart('{"format":"f","chats":[ ]}')).toEqual({
      found: [],
      header: { format: 'f', chats: [] },
    })
  })

  it('passes over what is too large or too deep, and goes on', () => {
    const deep = `${'['.repeat(6)}${']'.repeat(6)}`
    const large = JSON.stringify({ text: 'x'.repeat(2000) })
    const { found } = apart(`[${large},{"a":1},${deep},{"b":[[[[1]]]]}]`, 50)
    expect(found).toEqual([
      { index: 0, text: null, fault: 'too_large' },
      { index: 1, text: '{"a":1}' },
      { index: 2, text: null, fault: 'too_deep' },
      { index: 3, text: '{"b":[[[[1]]]]}' },
    ])
  })

  it.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['a page', '<html></html>'],
    ['a number', '12'],
    ['an object without the list', '{"a":{"chats":[1]}}'],
    ['another list', '{"chat":[1]}'],
    ['a beginning that is no JSON', '{chats:[1]}'],
    ['an endless beginning', `{"a":"${'x'.repeat(70_000)}","chats":[]}`],
    ['a list that breaks off', '[{"a":1},'],
    ['a piece that breaks off', '{"chats":[{"a":'],
    ['a string that breaks off', '["abc'],
    ['an object that breaks off after its list', '{"chats":[{}]'],
    ['two documents', '[] []'],
    ['no comma', '[{} {}]'],
    ['two commas', '[{},,{}]'],
    ['a comma first', '[,{}]'],
    ['another bracket', '[}]'],
    ['too many brackets', '{"chats":[]}}'],
  ])('says that it cannot read %s', (_name, text) => {
    for (const size of [1, 1000]) expect(() => apart(text, size)).toThrow(BrokenFile)
  })
})
