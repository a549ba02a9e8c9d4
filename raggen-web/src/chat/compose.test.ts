import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say } from '../../test/chat'
import { memory as governed } from '../../test/memory'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

import { DEFAULTS } from './settings'

import { GET as getReceipt } from '@/app/api/messages/[messageId]/receipt/route'
import type { Receipt } from '@/components/api/wire'
import type { Runtime } from '@/runtime'

const QUESTION = 'What is my dog afraid of?'
const THUNDER = 'My dog Archie is afraid of thunder.'
const CATS = 'My other dog is afraid of cats.'

async function indexed({ store }: Runtime): Promise<void> {
  await until(
    'the outbox is empty',
    async () => (await store.outbox.pending(new Date())).pending === 0,
  )
}

async function receiptOf(messageId: string): Promise<Receipt> {
  const response = await getReceipt(new Request('http://127.0.0.1:3000/'), {
    params: Promise.resolve({ messageId }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as Receipt
}

/** Two things said in other chats, and a question asked and answered in `chatId`. */
async function startAnswered() {
  const started = await startWithModel()
  const told = [randomUUID(), randomUUID()]
  await say(THUNDER, { messageId: told[0] })
  await say(CATS, { messageId: told[1] })
  await indexed(started.runtime)
  const [chatId, messageId] = [randomUUID(), randomUUID()]
  const answered = await say(QUESTION, { chatId, messageId })
  const again = (saying: Parameters<typeof say>[1]) =>
    say('', { chatId, messageId, trigger: 'regenerate', ...saying })
  return { ...started, told, chatId, messageId, answered, again }
}

const questionSent = ({ messages }: Receipt) => messages.at(-1)?.content ?? ''
/** Without the letters that are drawn anew for each prompt. */
const unmarked = (receipt: Receipt) => questionSent(receipt).replace(/memory [\w-]+>>/g, 'memory>>')

describe('a receipt', () => {
  it('tells the parts, the window, the origin and the times of what was sent', async () => {
    const { openai, answered } = await startAnswered()
    const receipt = await receiptOf(answered.messageId)
    expect(receipt.messages).toEqual(openai.completions.at(-1)?.messages)
    const { parts, windowTokens, answerTokens, timings, tokens } = receipt
    expect(parts?.context).toBeGreaterThan(30)
    expect(parts?.history).toBe(0)
    expect(tokens).toBe(parts!.instructions + parts!.context + parts!.history + parts!.question)
    expect(windowTokens).toBe(8192)
    expect(tokens! + answerTokens!).toBeLessThanOrEqual(windowTokens!)
    expect(receipt).toMatchObject({ countedBy: 'estimate', leftOut: null, origin: 'fresh' })
    expect(timings.retrievalMs).toBeGreaterThanOrEqual(0)
    expect(timings.totalMs).toBeGreaterThanOrEqual(timings.firstTokenMs!)
  })

  it('tells what was left out of a conversation that is longer than the window', async () => {
    const { chatId } = await startAnswered()
    const long = 'слово '.repeat(900)
    for (const number of [1, 2, 3, 4, 5, 6]) await say(`${number} ${long}`, { chatId })
    const answered = await say('And now?', { chatId })
    const { leftOut, parts, messages } = await receiptOf(answered.messageId)
    expect(leftOut?.turns).toBeGreaterThan(0)
    expect(leftOut?.turns).toBe(14 - (messages.length - 2))
    expect(leftOut?.tokens).toBeGreaterThan(1000)
    expect(parts?.history).toBeGreaterThan(1000)
    expect(messages[1]?.role).toBe('user')
  })

  it('holds the settings of the chat: instructions, parameters, budget', async () => {
    const { runtime, openai, chatId, again } = await startAnswered()
    await runtime.store.settings.setDefaults({
      generation: { temperature: 0.4, maxTokens: 300, systemPrompt: 'Answer in rhymes.' },
      context: { ...DEFAULTS.context, declineWithoutContext: true },
    })
    await runtime.store.chats.configure(chatId, {
      generation: { maxTokens: 200 },
      context: { count: 1 },
    })
    const { messageId, memory } = await again({})
    const receipt = await receiptOf(messageId)
    expect(memory?.items).toHaveLength(1)
    expect(receipt.messages[0]?.content).toMatch(
      /alone, and from nothing else.*\n\nAnswer in rhymes\.$/s,
    )
    expect(receipt.parameters).toMatchObject({ temperature: 0.4, max_tokens: 200 })
    expect(openai.completions.at(-1)).toMatchObject({ temperature: 0.4, max_tokens: 200 })
    expect(receipt.answerTokens).toBe(200)
  })

  it('of an answer with nothing relevant tells the model to decline, where that was chosen', async () => {
    const { runtime } = await startAnswered()
    await runtime.store.settings.setDefaults({
      ...DEFAULTS,
      context: { ...DEFAULTS.context, declineWithoutContext: true },
    })
    const { messageId, memory } = await say('Where is bread sold?')
    expect(memory?.state).toBe('nothing-relevant')
    expect((await receiptOf(messageId)).messages[0]?.content).toContain(
      'Memory was searched and holds nothing relevant',
    )
  })

  it('says of each item why it is not in the prompt', async () => {
    const { runtime, chatId, again } = await startAnswered()
    await say('my dog ARCHIE is afraid of thunder')
    await indexed(runtime)
    const { messageId, memory } = await again({})
    const omitted = memory?.items.map((item) => [item.text, item.included, item.omitted])
    expect(omitted).toContainEqual([THUNDER, true, null])
    expect(omitted).toContainEqual(['my dog ARCHIE is afraid of thunder', false, 'similar'])
    const kept = (await runtime.store.receipts.memories({ chatId })).get(messageId)
    expect(kept).toEqual(memory)
  })
})

describe('asking again', () => {
  it('with the same context sends the same notes, and searches nothing', async () => {
    const { embed, runtime, answered, again } = await startAnswered()
    await say('My third dog is afraid of water.')
    await indexed(runtime)
    const searches = () => embed.requests.filter(({ url }) => url === '/api/v1/search').length
    const before = searches()
    const second = await again({ context: 'same', answerId: answered.messageId })
    expect(searches()).toBe(before)
    const [first, same] = [await receiptOf(answered.messageId), await receiptOf(second.messageId)]
    expect(same.origin).toBe('same-context')
    expect(unmarked(same)).toBe(unmarked(first))
    expect(questionSent(same)).not.toBe(questionSent(first))
    expect(same.memory.items).toEqual(first.memory.items)
    expect(second.metadata?.origin).toBe('same-context')
    const fresh = await again({ context: 'fresh' })
    expect(unmarked(await receiptOf(fresh.messageId))).toContain('afraid of water')
  })

  it('with the same context leaves out what may no longer be recalled', async () => {
    const { told, answered, again } = await startAnswered()
    await governed.change(told[0]!, { excluded: true })
    await governed.forget(told[1]!)
    const second = await again({ context: 'same', answerId: answered.messageId })
    const { messages, memory } = await receiptOf(second.messageId)
    expect(memory.items.filter(({ included }) => included)).toEqual([])
    expect(memory.items.map(({ itemId }) => itemId)).not.toContain(told[0])
    expect(memory.items.map(({ itemId }) => itemId)).not.toContain(told[1])
    expect(JSON.stringify(messages)).not.toContain('afraid of thunder')
    expect(JSON.stringify(messages)).not.toContain('afraid of cats')
  })

  it('without context searches nothing and says so', async () => {
    const { embed, again } = await startAnswered()
    const before = embed.requests.filter(({ url }) => url === '/api/v1/search').length
    const second = await again({ context: 'none' })
    expect(second.memory).toMatchObject({ state: 'off', items: [] })
    expect(embed.requests.filter(({ url }) => url === '/api/v1/search')).toHaveLength(before)
    const receipt = await receiptOf(second.messageId)
    expect(receipt).toMatchObject({ origin: 'without-context', parts: { context: 0 } })
    expect(questionSent(receipt)).toBe(QUESTION)
  })
})
