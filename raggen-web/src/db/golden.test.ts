import { describe, expect, it } from 'vitest'

import { archivedChat } from '../../test/archived-chat'
import { tmpStore } from '../../test/tmp'

import type { ArchivedGolden } from './archived'
import type { Store } from './store'

const AT = new Date('2026-11-23T12:00:00Z')

/** Imports a chat of one question. */
async function bring(store: Store, seed: number, golden: ArchivedGolden | null = null) {
  const chat = archivedChat(seed, 1)
  const [question] = chat.messages
  const messages = [{ ...question!, memory: 'remembered', golden }]
  expect(await store.transfer.bring({ ...chat, messages }, AT)).toBe('imported')
  return question!.id
}

describe('a golden question from another raggen', () => {
  it('keeps what it expects of a chat that has not come along, and takes nothing else unknown', async () => {
    const store = tmpStore()
    const expected = [
      { messageId: 'left-behind', relevance: 0.8 },
      { messageId: 'left-too', relevance: null },
    ]
    const question = await bring(store, 1, { markedAt: AT, expected })
    const here = await bring(store, 2)
    const marked = await store.golden.mark(question, ['left-behind', here], AT)
    expect(marked.expected).toHaveLength(2)
    expect(marked.expected).toContainEqual({ messageId: 'left-behind', relevance: 0.8 })
    expect(marked.expected).toContainEqual({ messageId: here, relevance: null })

    const refused = { code: 'not_remembered' }
    // It is expected no more, so it has become as unknown as any other.
    for (const id of ['left-too', 'never-heard-of', question])
      await expect(store.golden.mark(question, [here, id], AT)).rejects.toMatchObject(refused)
    await expect(store.golden.mark(here, ['left-behind'], AT)).rejects.toMatchObject(refused)
    expect((await store.golden.find(question))?.expected).toEqual(marked.expected)
  })
})
