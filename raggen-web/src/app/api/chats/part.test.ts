import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../../../test/chat'

import { GET } from './[chatId]/route'

import type { ChatMessage } from '@/chat/message'

const context = (chatId: string) => ({ params: Promise.resolve({ chatId }) })

type Loaded = { messages: ChatMessage[]; earlier: boolean }

async function part(chatId: string, query: string) {
  const request = new Request(`http://127.0.0.1:3000/api/chats/${chatId}${query}`)
  const response = await GET(request, context(chatId))
  return { status: response.status, ...((await response.json()) as Loaded) }
}

describe('a part of a chat', () => {
  it('is its newest messages, or those before one, with what they stood on', async () => {
    await startRuntime()
    const chatId = randomUUID()
    for (const text of ['one', 'two', 'three']) await say(text, { chatId })
    const { messages: all, earlier } = await part(chatId, '')
    expect([all.length, earlier]).toEqual([6, false])

    const newest = await part(chatId, '?last=3')
    expect(newest).toMatchObject({ earlier: true, messages: all.slice(3) })
    expect(newest.messages[0]?.parts[0]?.type).toBe('data-memory')
    const before = newest.messages[0]!.id
    expect(await part(chatId, `?last=2&before=${before}`)).toMatchObject({
      earlier: true,
      messages: all.slice(1, 3),
    })
    expect(await part(chatId, `?last=50&before=${before}`)).toMatchObject({
      earlier: false,
      messages: all.slice(0, 3),
    })
  })

  it.each(['?last=0', '?last=5000', '?last=x', '?last=3&before=%00'])(
    'is not %s',
    async (query) => {
      await startRuntime()
      const chatId = randomUUID()
      await say('one', { chatId })
      expect((await part(chatId, query)).status).toBe(422)
    },
  )
})
