import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say } from '../../test/chat'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

import { MAX_MESSAGE_CHARS } from './receive'

import { POST } from '@/app/api/chats/[chatId]/preview/route'
import type { Preview } from '@/components/api/wire'

const QUESTION = 'What is my dog afraid of?'
const THUNDER = 'My dog Archie is afraid of thunder.'

async function preview(chatId: string, body: unknown) {
  const response = await POST(jsonRequest(`/api/chats/${chatId}/preview`, 'POST', body), {
    params: Promise.resolve({ chatId }),
  })
  const answered = (await response.json()) as Preview & { error?: { code: string } }
  return { status: response.status, code: answered.error?.code, ...answered }
}

async function start() {
  const started = await startWithModel()
  await say(THUNDER)
  await until(
    'the outbox is empty',
    async () => (await started.runtime.store.outbox.pending(new Date())).pending === 0,
  )
  return started
}

/** Without the letters that are drawn anew for each prompt. */
const unmarked = (messages: { content: string }[] | undefined) =>
  messages?.map((message) => ({
    ...message,
    content: message.content.replace(/memory [\w-]+>>/g, 'memory>>'),
  }))

describe('a preview', () => {
  it('is what is sent then, stores nothing and asks no model', async () => {
    const { openai, runtime, providerId } = await start()
    const chatId = randomUUID()
    await say('Hello.', { chatId })
    const asked = openai.completions.length
    const shown = await preview(chatId, { text: QUESTION })
    expect(shown.status).toBe(200)
    expect(openai.completions).toHaveLength(asked)
    expect(await runtime.store.messages.list(chatId)).toHaveLength(2)
    const answered = await say(QUESTION, { chatId })
    expect(unmarked(shown.messages)).toEqual(unmarked(openai.completions.at(-1)?.messages))
    expect(shown.memory.items).toEqual(answered.memory?.items)
    expect(shown).toMatchObject({ provider: providerId, model: 'tiny', countedBy: 'estimate' })
    const receipt = await runtime.store.receipts.find(answered.messageId)
    expect(receipt?.parts).toEqual({
      ...shown.parts,
      windowTokens: shown.windowTokens,
      answerTokens: shown.answerTokens,
      countedBy: 'estimate',
    })
  })

  it('of a chat that does not exist yet is one with the settings given', async () => {
    const { runtime } = await start()
    const chatId = randomUUID()
    const shown = await preview(chatId, {
      text: QUESTION,
      settings: { generation: { systemPrompt: 'In rhymes.', temperature: 0 }, context: {} },
    })
    expect(shown.messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(shown.messages[0]?.content).toMatch(/In rhymes\.$/)
    expect(shown.parameters).toMatchObject({ temperature: 0 })
    expect(shown.messages[1]?.content).toContain(THUNDER)
    expect(await runtime.store.chats.find(chatId)).toBeNull()
  })

  it('is without context, on another branch, or at the beginning, as asked', async () => {
    await start()
    const chatId = randomUUID()
    await say('Hello.', { chatId })
    await say('How are you?', { chatId })
    const none = await preview(chatId, { text: QUESTION, context: 'none' })
    expect(none.memory).toMatchObject({ state: 'off', items: [] })
    expect(none.messages).toHaveLength(6)
    const first = await preview(chatId, { text: QUESTION, parentId: null })
    expect(first.messages).toHaveLength(2)
    expect(first.memory.items[0]).toMatchObject({ text: THUNDER, included: true })
  })

  it('of quotations shows what they would stand on, and no prompt', async () => {
    const { runtime } = await start()
    await runtime.store.settings.select({ providerId: 'quotations', model: null })
    const shown = await preview(randomUUID(), { text: QUESTION })
    expect(shown).toMatchObject({
      provider: 'quotations',
      messages: [],
      parts: null,
      windowTokens: null,
    })
    expect(shown.memory.items[0]).toMatchObject({ text: THUNDER, included: true })
  })

  it.each([
    ['nothing', { text: ' \u200b' }, 422, 'text_empty'],
    ['too much', { text: 'x'.repeat(MAX_MESSAGE_CHARS + 1) }, 413, 'text_too_long'],
    ['no text', {}, 422, 'invalid_request'],
    ['a strange parent', { text: QUESTION, parentId: randomUUID() }, 404, 'message_not_found'],
    [
      'wrong settings',
      { text: QUESTION, settings: { context: { count: 0 } } },
      422,
      'invalid_request',
    ],
  ])('is refused for %s', async (_what, body, status, code) => {
    await startWithModel()
    expect(await preview(randomUUID(), body)).toMatchObject({ status, code })
  })
})
