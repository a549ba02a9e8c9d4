import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { resume, say, stop, type Answered } from '../../test/chat'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

const QUESTION = 'What is my dog afraid of?'

/** A model that writes for ever, and a page that asked it and was left after some words. */
async function leaveInMidAnswer() {
  const { openai, runtime } = await startWithModel()
  openai.behaviour = 'endless'
  const ids = { chatId: randomUUID(), messageId: randomUUID() }
  const page = new AbortController()
  const left = await say(QUESTION, {
    ...ids,
    signal: page.signal,
    onChunk: (chunk) => void (chunk.type === 'text-delta' && page.abort()),
  })
  return { ...ids, left, openai, runtime }
}

/** Follows the answer until it is some words further, then stops it. */
async function followAndStop(chatId: string): Promise<Answered | null> {
  let seen = ''
  return resume(chatId, (chunk) => {
    if (chunk.type === 'text-delta') seen += chunk.delta
    if (seen.length > 60) void stop(chatId)
  })
}

describe('an answer whose page was left', () => {
  it('goes on, and is followed from its beginning by whoever comes back', async () => {
    const { chatId, left, runtime } = await leaveInMidAnswer()
    expect(left.metadata).toMatchObject({ status: 'streaming' })
    const followed = await followAndStop(chatId)
    expect(followed).toMatchObject({
      messageId: left.messageId,
      memory: left.memory,
      metadata: { status: 'stopped' },
    })
    expect(followed?.chunks[0]).toMatchObject({ type: 'start', messageId: left.messageId })
    expect(followed?.text.startsWith(left.text)).toBe(true)
    const kept = await runtime.store.messages.find(left.messageId)
    expect(kept).toMatchObject({ status: 'stopped', text: followed?.text })
  })

  it('is the same in several tabs', async () => {
    const { chatId } = await leaveInMidAnswer()
    const tabs = await Promise.all([resume(chatId), resume(chatId), followAndStop(chatId)])
    expect(new Set(tabs.map((tab) => tab?.text)).size).toBe(1)
    expect(tabs.map((tab) => tab?.metadata?.status)).toEqual(['stopped', 'stopped', 'stopped'])
  })

  it('is followed by the page that posts its message once more', async () => {
    const { chatId, messageId, left, openai, runtime } = await leaveInMidAnswer()
    const again = say(QUESTION, { chatId, messageId })
    expect(await say('Another.', { chatId })).toMatchObject({ code: 'answer_in_progress' })
    await stop(chatId)
    expect(await again).toMatchObject({
      messageId: left.messageId,
      metadata: { status: 'stopped' },
    })
    expect(openai.completions).toHaveLength(1)
    expect(await runtime.store.messages.list(chatId)).toHaveLength(2)
  })

  it('is kept to its end when nobody comes back', async () => {
    const { chatId, left, openai, runtime } = await leaveInMidAnswer()
    expect(openai.aborted).toBe(0)
    await runtime.inFlight.interruptAll()
    expect(await runtime.store.messages.find(left.messageId)).toMatchObject({
      status: 'interrupted',
      errorCode: 'interrupted',
    })
    await until('the provider was told', () => openai.aborted === 1)
    expect(await resume(chatId)).toBeNull()
  })
})

describe('stop', () => {
  it('has kept the answer by the time it answers, and the chat goes on at once', async () => {
    const { chatId, left, openai, runtime } = await leaveInMidAnswer()
    expect(await stop(chatId)).toBe(204)
    expect(await runtime.store.messages.find(left.messageId)).toMatchObject({ status: 'stopped' })
    openai.behaviour = 'answer'
    expect(await say('And now?', { chatId })).toMatchObject({ status: 200 })
  })

  it('of nothing, twice, or of another chat harms nobody', async () => {
    const { chatId, left, runtime } = await leaveInMidAnswer()
    expect(await stop(randomUUID())).toBe(204)
    expect(runtime.inFlight.underWay(chatId)).toBe(left.messageId)
    expect(await Promise.all([stop(chatId), stop(chatId)])).toEqual([204, 204])
    expect(await resume(chatId)).toBeNull()
  })

  it('ends an answer that has only just been asked for', async () => {
    const { openai, runtime } = await startWithModel()
    openai.behaviour = 'endless'
    const chatId = randomUUID()
    const asked = say(QUESTION, { chatId })
    await until('it is stored', async () => (await runtime.store.chats.find(chatId)) !== null)
    await stop(chatId)
    expect((await asked).metadata).toMatchObject({ status: 'stopped' })
    expect(runtime.inFlight.underWay(chatId)).toBeNull()
  })
})

it('the same message posted twice at once is stored and answered once', async () => {
  const { openai, runtime } = await startWithModel()
  const ids = { chatId: randomUUID(), messageId: randomUUID() }
  const [one, two] = await Promise.all([say(QUESTION, ids), say(QUESTION, ids)])
  expect(two).toMatchObject({ messageId: one.messageId, text: one.text, metadata: one.metadata })
  expect(openai.completions).toHaveLength(1)
  expect(await runtime.store.messages.list(ids.chatId)).toHaveLength(2)
})
