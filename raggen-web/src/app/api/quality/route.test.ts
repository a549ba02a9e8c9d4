import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { memory } from '../../../../test/memory'
import { until } from '../../../../test/until'
import { GET as chatOf } from '../chats/[chatId]/route'
import { PUT as rateItem } from '../messages/[messageId]/context/[itemId]/rating/route'
import {
  DELETE as unmark,
  GET as goldenOf,
  PUT as mark,
} from '../messages/[messageId]/golden/route'
import { PUT as rate } from '../messages/[messageId]/rating/route'

import { GET as listGolden } from './golden/route'
import { POST as replay } from './replay/route'
import { GET } from './route'

import type { Replay } from '@/chat/golden'
import type { ChatMessage } from '@/chat/message'
import type { Figures } from '@/db/figures'

const NONE = { params: Promise.resolve({}) }
const of = <P>(params: P) => ({ params: Promise.resolve(params) })
const bare = (path: string, method = 'GET') =>
  new Request(`http://127.0.0.1:3000${path}`, { method })

/** A raggen that remembers what it is told, with what it answers. */
async function start() {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  async function tell(text: string, chatId: string = randomUUID()) {
    const messageId = randomUUID()
    const answered = await say(text, { chatId, messageId })
    const pending = async () => (await runtime.store.outbox.pending(new Date())).pending
    await until('an empty outbox', async () => (await pending()) === 0)
    return { chatId, messageId, answered, answerId: answered.messageId }
  }
  return { embed, runtime, tell }
}

async function put(call: Promise<Response>) {
  const response = await call
  const body = (await response.json()) as { error?: { code: string } }
  return { status: response.status, code: body.error?.code ?? null }
}
const thumb = (messageId: string, rating: unknown) =>
  put(rate(jsonRequest('/', 'PUT', { rating }), of({ messageId })))
const thumbItem = (messageId: string, itemId: string, rating: unknown) =>
  put(rateItem(jsonRequest('/', 'PUT', { rating }), of({ messageId, itemId })))
const golden = (messageId: string, expected: string[]) =>
  put(mark(jsonRequest('/', 'PUT', { expected }), of({ messageId })))

async function figures(query = ''): Promise<Figures> {
  const response = await GET(bare(`/api/quality${query}`), NONE)
  expect(response.status).toBe(200)
  return (await response.json()) as Figures
}
async function replayed(): Promise<Replay> {
  const response = await replay(bare('/api/quality/replay', 'POST'), NONE)
  expect(response.status).toBe(200)
  return (await response.json()) as Replay
}
async function messages(chatId: string) {
  const response = await chatOf(bare(`/api/chats/${chatId}`), of({ chatId }))
  return ((await response.json()) as { messages: ChatMessage[] }).messages
}
async function marked() {
  const { golden } = (await (await listGolden(bare('/'), NONE)).json()) as {
    golden: { questionId: string; expected: { messageId: string }[] }[]
  }
  return golden
}

describe('thumbs', () => {
  it('stay with an answer and its context, can be turned over and taken back', async () => {
    const { tell } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const asked = await tell('What is my dog afraid of?')
    expect(await thumb(asked.answerId, 1)).toEqual({ status: 200, code: null })
    expect(await thumbItem(asked.answerId, dog.messageId, -1)).toEqual({ status: 200, code: null })
    const [, answer] = await messages(asked.chatId)
    expect(answer?.metadata?.rating).toBe(1)
    const part = answer?.parts.find(({ type }) => type === 'data-memory')
    expect(part).toMatchObject({ data: { items: [{ itemId: dog.messageId, rating: -1 }] } })
    expect(await figures()).toMatchObject({
      answers: 2,
      withContext: 1,
      memory: { used: 1, unavailable: 0 },
      relevance: { given: { high: 1, medium: 0, low: 0 } },
      thumbs: { up: 1, down: 0 },
      itemThumbs: { up: 0, down: 1 },
      providers: [{ provider: 'quotations', answers: 2, up: 1, down: 0 }],
      reasons: expect.arrayContaining([{ reason: 'words', up: 0, down: 1 }]) as unknown,
      worst: [],
    })

    await thumb(asked.answerId, -1)
    expect((await figures()).worst).toMatchObject([{ messageId: asked.answerId, rating: -1 }])
    await thumb(asked.answerId, null)
    await thumbItem(asked.answerId, dog.messageId, null)
    const [, unrated] = await messages(asked.chatId)
    expect(unrated?.metadata).not.toHaveProperty('rating')
    expect(await figures()).toMatchObject({ thumbs: { up: 0, down: 0 }, itemThumbs: { down: 0 } })
  })

  it('are not said of another answer that stands on the same', async () => {
    const { tell } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const asked = await tell('What is my dog afraid of?')
    await thumbItem(asked.answerId, dog.messageId, 1)
    const again = await say('', {
      chatId: asked.chatId,
      messageId: asked.messageId,
      trigger: 'regenerate',
      context: 'same',
      answerId: asked.answerId,
    })
    expect(again.memory?.items).toHaveLength(1)
    expect(again.memory?.items[0]).not.toHaveProperty('rating')
    expect((await figures()).itemThumbs).toEqual({ up: 1, down: 0 })
  })

  it.each([2, 0, '1', undefined])('are refused when they are none: %s', async (rating) => {
    const { tell } = await start()
    const { answerId } = await tell('Hello.')
    expect(await thumb(answerId, rating)).toEqual({ status: 422, code: 'invalid_request' })
  })

  it('are refused for what is no answer, of a deleted chat, and not there', async () => {
    const { tell, runtime } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const asked = await tell('What is my dog afraid of?')
    const missing = { status: 404, code: 'message_not_found' }
    expect(await thumb(asked.messageId, 1)).toEqual(missing)
    expect(await thumb(randomUUID(), 1)).toEqual(missing)
    expect(await thumbItem(asked.answerId, asked.messageId, 1)).toEqual(missing)
    await runtime.store.chats.hide(asked.chatId, new Date())
    expect(await thumb(asked.answerId, 1)).toEqual(missing)
    expect(await thumbItem(asked.answerId, dog.messageId, 1)).toEqual(missing)
    expect((await figures()).answers).toBe(1)
  })
})

describe('the figures', () => {
  it('begin where they are told to, and say when the memory was away', async () => {
    const { tell, embed } = await start()
    await tell('My dog is afraid of thunder.')
    await embed.close()
    await say('What is my dog afraid of?')
    expect((await figures()).memory).toMatchObject({ empty: 1, unavailable: 1 })
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    expect(await figures(`?since=${tomorrow.slice(0, 10)}`)).toMatchObject({ answers: 0 })
    expect(await figures(`?since=${new Date(0).toISOString()}`)).toMatchObject({ answers: 2 })
    const wrong = await GET(bare('/api/quality?since=soon'), NONE)
    expect(wrong.status).toBe(422)
  })
})

describe('golden questions', () => {
  it('are asked again, and what is expected is compared with what is found', async () => {
    const { tell, runtime } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const cat = await tell('The weather: thunder in May.')
    const asked = await tell('What thunder is my dog afraid of?')
    expect(await golden(asked.answerId, [dog.messageId])).toMatchObject({ status: 200 })
    const later = await tell('My dog is afraid of thunder and of hail.')
    expect(await replayed()).toMatchObject({
      recall: 1,
      mrr: 1,
      skipped: 0,
      questions: [
        {
          questionId: asked.messageId,
          chatId: asked.chatId,
          expected: [{ messageId: dog.messageId, rank: 1, relevance: 0.9, relevanceBefore: 0.9 }],
          others: [{ messageId: cat.messageId, rank: 2 }],
        },
      ],
    })
    expect(await marked()).toMatchObject([{ questionId: asked.messageId }])

    await golden(asked.messageId, [cat.messageId, dog.messageId])
    await memory.change(dog.messageId, { excluded: true })
    const worse = await replayed()
    expect(worse).toMatchObject({ recall: 0.5, mrr: 1, questions: [{ recall: 0.5 }] })
    expect(JSON.stringify(worse)).not.toContain(later.messageId)
    expect((await runtime.store.messages.list(asked.chatId)).length).toBe(2)

    expect((await unmark(bare('/', 'DELETE'), of({ messageId: asked.answerId }))).status).toBe(204)
    expect(await replayed()).toMatchObject({ recall: null, mrr: null, questions: [] })
    const none = await goldenOf(bare('/'), of({ messageId: asked.answerId }))
    expect(await none.json()).toEqual({ golden: null })
  })

  it('are measured by the search alone, whatever is pinned', async () => {
    const { tell } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const cat = await tell('The weather: thunder in May.')
    const home = await tell('I live in Oslo.')
    const asked = await tell('What thunder is my dog afraid of?')
    await golden(asked.answerId, [dog.messageId, home.messageId])
    for (const { messageId } of [cat, home]) await memory.change(messageId, { pinned: true })
    expect(await replayed()).toMatchObject({
      recall: 0.5,
      mrr: 1,
      questions: [{ others: [{ messageId: cat.messageId, rank: 2 }] }],
    })
  })

  it('expect what memory holds, and something', async () => {
    const { tell } = await start()
    const { answerId, messageId } = await tell('What is my dog afraid of?')
    expect(await golden(answerId, [])).toEqual({ status: 422, code: 'invalid_request' })
    expect(await golden(answerId, [randomUUID()])).toEqual({ status: 409, code: 'not_remembered' })
    expect(await golden(answerId, [messageId])).toEqual({ status: 409, code: 'not_remembered' })
    const missing = { status: 404, code: 'message_not_found' }
    expect(await golden(randomUUID(), [messageId])).toEqual(missing)
    expect(await marked()).toEqual([])
  })

  it('go with what is forgotten or deleted', async () => {
    const { tell, runtime } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const cat = await tell('The weather: thunder in May.')
    const asked = await tell('What thunder is my dog afraid of?')
    const other = await tell('Which weather brings thunder?')
    const both = [dog.messageId, cat.messageId]
    await golden(asked.answerId, both)
    await golden(other.answerId, both)
    await memory.forget(dog.messageId)
    expect((await marked()).map(({ expected }) => expected.length)).toEqual([1, 1])
    await memory.forget(other.messageId)
    expect(await marked()).toMatchObject([{ questionId: asked.messageId }])
    await runtime.store.chats.remove(cat.chatId, new Date())
    expect(await marked()).toEqual([])
  })

  it('cannot be asked while raggen-embed is away', async () => {
    const { tell, embed } = await start()
    const dog = await tell('My dog is afraid of thunder.')
    const asked = await tell('What is my dog afraid of?')
    await golden(asked.answerId, [dog.messageId])
    await embed.close()
    const response = await replay(bare('/api/quality/replay', 'POST'), NONE)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { code: 'memory_unavailable' } })
  })
})
