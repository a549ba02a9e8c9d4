import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { archivedChat } from '../../test/archived-chat'
import { tmpStore } from '../../test/tmp'

const AT = Date.UTC(2026, 4, 8)

/** A store with `count` messages, a second between them; every hundredth speaks of thunder. */
async function filled(count: number) {
  const store = tmpStore()
  const chat = archivedChat(1, 1)
  const messages = Array.from({ length: count }, (_, index) => ({
    ...chat.messages[0]!,
    id: randomUUID(),
    seq: index + 1,
    text: index % 100 === 0 ? `Гроза № ${index}` : 'A message about nothing.',
    memory: 'remembered',
    indexable: true,
    createdAt: new Date(AT + index * 1000),
  }))
  await store.transfer.bring({ ...chat, leafId: null, messages }, new Date(AT))
  return store
}

describe('searching the database for words', () => {
  it('reads the latest first, slice by slice, until there are enough', async () => {
    const { search } = await filled(4_500)
    let slices = 0
    const goOn = () => ++slices > 0
    const some = await search.withTerms([['гроза', 'Гроза']], 3, goOn)
    expect(some.map(({ text }) => text)).toEqual(['Гроза № 4400', 'Гроза № 4300', 'Гроза № 4200'])
    expect(slices).toBe(1)
    const all = await search.withTerms([['Гроза']], 100, goOn)
    expect(all).toHaveLength(45)
    expect(all.at(-1)?.text).toBe('Гроза № 0')
    expect(slices).toBe(4)
  })

  it('stops when nobody waits any more', async () => {
    const { search } = await filled(4_500)
    let left = 1
    const found = await search.withTerms([['Гроза']], 100, () => left-- > 0)
    expect(found).toHaveLength(20)
    expect(await search.withTerms([['Гроза']], 100, () => false)).toEqual([])
  })
})
