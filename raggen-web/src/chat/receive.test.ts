import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../test/chat'

import { MAX_MESSAGE_CHARS } from './receive'

describe('receive', () => {
  it('stores the message before any model is called, with its outbox row', async () => {
    const { store, indexer } = await startRuntime()
    await indexer.stop()
    const chatId = randomUUID()
    let storedAtStart: unknown[] = []
    await say('Hello.', {
      chatId,
      onChunk: (chunk) =>
        void (
          chunk.type === 'start' && store.messages.list(chatId).then((all) => (storedAtStart = all))
        ),
    })
    expect(storedAtStart[0]).toMatchObject({ role: 'user', text: 'Hello.' })
    expect(await store.outbox.due(10, new Date())).toMatchObject([{ op: 'upsert', version: 1 }])
  })

  it('stores the same message once, and gives the same answer again', async () => {
    const { store } = await startRuntime()
    const ids = { chatId: randomUUID(), messageId: randomUUID() }
    const first = await say('Hello.', ids)
    const second = await say('Hello.', ids)
    expect(second).toMatchObject({ messageId: first.messageId, text: first.text })
    expect(await store.messages.list(ids.chatId)).toHaveLength(2)
  })

  it('refuses a second message while the chat is being answered, and stores nothing of it', async () => {
    const { store } = await startRuntime()
    const chatId = randomUUID()
    const both = await Promise.all([say('One.', { chatId }), say('Two.', { chatId })])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(both.find(({ status }) => status === 409)?.code).toBe('answer_in_progress')
    const messages = await store.messages.list(chatId)
    expect(messages.map(({ seq, role, status }) => [seq, role, status])).toEqual([
      [1, 'user', 'complete'],
      [2, 'assistant', 'complete'],
    ])
  })

  it('answers many chats at once', async () => {
    const { store } = await startRuntime()
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => say(`Message ${i}`)))
    expect(answers.every(({ metadata }) => metadata?.status === 'complete')).toBe(true)
    expect(await store.chats.list()).toHaveLength(8)
  })

  it('answers again on retry, beside the answer that there is', async () => {
    const { store } = await startRuntime()
    const ids = { chatId: randomUUID(), messageId: randomUUID() }
    const first = await say('Hello.', ids)
    const second = await say('', { ...ids, trigger: 'retry' })
    expect(second.metadata?.siblings).toEqual({
      ids: [first.messageId, second.messageId],
      index: 1,
    })
    const messages = await store.messages.list(ids.chatId)
    expect(messages.map(({ id }) => id)).toEqual([ids.messageId, first.messageId, second.messageId])
  })

  it.each([
    ['an id of another chat', { messageId: 'taken-message-id' }, 409, 'message_id_taken'],
    ['a retry of nothing', { trigger: 'retry' as const }, 404, 'message_not_found'],
    ['an impossible chat id', { chatId: '../x' }, 404, 'chat_not_found'],
    ['an impossible message id', { messageId: 'x' }, 422, 'invalid_request'],
  ])('refuses %s', async (_name, options, status, code) => {
    await startRuntime()
    await say('Hello.', { messageId: 'taken-message-id' })
    expect(await say('Hello.', options)).toMatchObject({ status, code })
  })

  it.each([
    ['an empty text', '', 422, 'text_empty'],
    ['spaces and invisible letters', ' \n\u200b\u2060', 422, 'text_empty'],
    ['a text that is too long', 'a'.repeat(MAX_MESSAGE_CHARS + 1), 413, 'text_too_long'],
    ['a body that is too large', 'я'.repeat(400_000), 413, 'body_too_large'],
  ])('refuses %s and stores nothing', async (_name, text, status, code) => {
    const { store } = await startRuntime()
    expect(await say(text)).toMatchObject({ status, code })
    expect(await store.chats.list()).toEqual([])
  })

  it('keeps every character, but those that no database can', async () => {
    const { store } = await startRuntime()
    const chatId = randomUUID()
    const text = 'e\u0301 中文 العربية 👩‍👩‍👧 \u202eabc \r\n\t<script>'
    await say(`${text}\0\ud800`, { chatId })
    expect((await store.messages.list(chatId))[0]?.text).toBe(`${text}\ufffd`)
  })

  it('takes the longest text it promises to take', async () => {
    await startRuntime()
    const answered = await say('ы'.repeat(MAX_MESSAGE_CHARS))
    expect(answered).toMatchObject({ status: 200, metadata: { status: 'complete' } })
  })
})
