import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { until } from '../../../../test/until'
import { GET as receiptOf } from '../messages/[messageId]/receipt/route'
import { GET as status } from '../status/route'

import { GET, PATCH } from './[chatId]/route'
import { GET as list } from './route'

import type { ChatSummary, LoadedChat } from '@/chat/history'

const context = (chatId: string) => ({ params: Promise.resolve({ chatId }) })
const request = new Request('http://127.0.0.1:3000/')
const NONE = { params: Promise.resolve({}) }
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('chats', () => {
  it('come back whole after a reload: messages, status, what was used', async () => {
    const embed = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const [chatId, messageId] = [randomUUID(), randomUUID()]
    await say('My dog is afraid of thunder.')
    await until('indexed', () => embed.items.size > 0)
    const answered = await say('What is my dog afraid of?', { chatId, messageId })
    const response = await GET(request, context(chatId))
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { chat, messages } = (await response.json()) as LoadedChat
    expect(chat).toMatchObject({ id: chatId, title: 'What is my dog afraid of?' })
    expect(messages).toMatchObject([
      { id: messageId, role: 'user', parts: [{ type: 'text', text: 'What is my dog afraid of?' }] },
      {
        id: answered.messageId,
        role: 'assistant',
        metadata: { status: 'complete', provider: 'quotations' },
        parts: [
          { type: 'data-memory', id: 'memory', data: answered.memory },
          { type: 'text', text: answered.text },
        ],
      },
    ])
    const params = Promise.resolve({ messageId: answered.messageId })
    const receipt = (await (await receiptOf(request, { params })).json()) as object
    expect(receipt).toMatchObject({ provider: 'quotations', model: null, messages: [], tokens: 0 })
    expect(receipt).toHaveProperty('memory', answered.memory)
  })

  it('are listed and renamed', async () => {
    await startRuntime()
    const chatId = randomUUID()
    await say('My dog is afraid of thunder.', { chatId })
    const renamed = await PATCH(jsonRequest('/', 'PATCH', { title: ' Pets ' }), context(chatId))
    expect(await renamed.json()).toMatchObject({
      chat: { id: chatId, title: 'Pets', titledBy: 'person' },
    })
    const unseen = await PATCH(jsonRequest('/', 'PATCH', { title: '\u200b\0 ' }), context(chatId))
    expect(await codeOf(unseen)).toBe('invalid_request')
    expect(await (await list(request, NONE)).json()).toMatchObject({ chats: [{ title: 'Pets' }] })
  })

  it('are listed with the pinned ones first, then by their latest message', async () => {
    await startRuntime()
    const ids = [randomUUID(), randomUUID(), randomUUID()]
    for (const chatId of ids) await say('Hello.', { chatId })
    const [oldest = '', middle = '', newest = ''] = ids
    const change = async (chatId: string, body: object) =>
      (await (await PATCH(jsonRequest('/', 'PATCH', body), context(chatId))).json()) as object
    for (const chatId of [middle, oldest]) await change(chatId, { pinned: true })
    const order = async () =>
      ((await (await list(request, NONE)).json()) as { chats: ChatSummary[] }).chats.map(
        ({ id }) => id,
      )
    expect(await order()).toEqual([middle, oldest, newest])
    expect(await change(middle, { pinned: false })).toMatchObject({ chat: { pinnedAt: null } })
    expect(await order()).toEqual([oldest, newest, middle])
  })

  it('are excluded from memory, and taken back into it', async () => {
    const { store } = await startRuntime()
    const chatId = randomUUID()
    await say('Hello.', { chatId })
    const change = async (body: object) =>
      (await (await PATCH(jsonRequest('/', 'PATCH', body), context(chatId))).json()) as object
    expect(await change({ excluded: true })).toMatchObject({
      chat: { titledBy: 'question', excludedAt: expect.any(String) as string },
    })
    expect(await store.memory.exclusions()).toMatchObject({ chatIds: [chatId] })
    expect(await change({ excluded: false })).toMatchObject({ chat: { excludedAt: null } })
    expect(await store.memory.exclusions()).toMatchObject({ chatIds: [] })
  })

  it.each([
    ['no JSON', '{', 'invalid_json'],
    ['no title', {}, 'invalid_request'],
    ['a blank title', { title: '  ' }, 'invalid_request'],
    ['an endless title', { title: 'x'.repeat(201) }, 'invalid_request'],
  ])('refuse a new name that is %s', async (_name, body, code) => {
    await startRuntime()
    const response = await PATCH(jsonRequest('/', 'PATCH', body), context('chat-none'))
    expect(response.status).toBe(422)
    expect(await codeOf(response)).toBe(code)
  })

  it('refuse a body that a form of another site could send', async () => {
    await startRuntime()
    const form = new Request('http://127.0.0.1:3000/', {
      method: 'PATCH',
      headers: { 'content-type': 'text/plain' },
      body: '{"title":"x"}',
    })
    expect(await codeOf(await PATCH(form, context('chat-none')))).toBe('unsupported_media_type')
  })
})

describe('status', () => {
  it('tells whether raggen-embed answers and what waits for it', async () => {
    const embed = await startEmbedServer()
    const { indexer } = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await indexer.stop()
    await say('Hello there.')
    const ask = async () => (await status(request, NONE)).json()
    expect(await ask()).toEqual({
      embed: { state: 'ready' },
      outbox: { pending: 1, oldestSeconds: 0 },
    })
    Object.assign(embed, { status: 503, failures: 1 })
    expect(await ask()).toMatchObject({ embed: { state: 'starting' } })
    await embed.close()
    expect(await ask()).toMatchObject({ embed: { state: 'down' } })
  })
})

describe('before start-up has finished', () => {
  it('every route says so', async () => {
    const response = await list(request, NONE)
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await codeOf(response)).toBe('not_ready')
  })
})
