import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../test/chat'
import { startEmbedServer } from '../../test/embed-server'
import { until } from '../../test/until'

import { loadChat } from './history'

import type { Runtime } from '@/runtime'

type Sent = { text: string; previous: string[]; exclude_ids: string[] }

async function start() {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  const searches = () =>
    embed.requests.filter(({ url }) => url === '/api/v1/search').map(({ body }) => body as Sent)
  return { embed, runtime, searches, lastSearch: () => searches().at(-1) as Sent }
}

async function indexed({ store }: Runtime): Promise<void> {
  await until(
    'the outbox is empty',
    async () => (await store.outbox.pending(new Date())).pending === 0,
  )
}

describe('a search', () => {
  it('takes along what the person said before in the same chat, and no other', async () => {
    const { lastSearch } = await start()
    await say('In another chat.')
    const chatId = randomUUID()
    for (const text of ['One.', 'Two.', 'Three.', 'Four.']) await say(text, { chatId })
    await say('And why?', { chatId })
    expect(lastSearch()).toMatchObject({ text: 'And why?', previous: ['Two.', 'Three.', 'Four.'] })
  })

  it('of a first message takes nothing along', async () => {
    const { lastSearch } = await start()
    const { memory } = await say('And why?')
    expect(lastSearch().previous).toEqual([])
    expect(memory?.earlier).toBeNull()
  })

  it('finds what "and why?" is about, tells which turn it took, and keeps that', async () => {
    const { runtime } = await start()
    await say('My dog Archie is afraid of thunder, fireworks hit the balcony once.')
    await say('What is my dog afraid of?') // Asked in another chat too.
    const chatId = randomUUID()
    const messageId = randomUUID()
    await say('What is my dog afraid of?', { chatId, messageId })
    await indexed(runtime)
    const answered = await say('And why?', { chatId })
    const earlier = { messageId, text: 'What is my dog afraid of?' }
    expect(answered.memory).toMatchObject({ state: 'used', earlier })
    expect(answered.memory?.items.map(({ text }) => text)).toEqual([
      'My dog Archie is afraid of thunder, fireworks hit the balcony once.',
    ])
    const loaded = await loadChat(runtime.store, chatId)
    const [kept] = loaded?.messages.at(-1)?.parts ?? []
    expect(kept).toMatchObject({ type: 'data-memory', data: { earlier } })
    const receipt = await runtime.store.receipts.find(answered.messageId)
    expect(receipt?.memory.earlier).toEqual(earlier)
  })

  it('that finds nothing calls the memory empty only where no setting leaves a part of it out', async () => {
    const { runtime } = await start()
    expect((await say('Hello.')).memory?.state).toBe('empty')
    await indexed(runtime)
    const settings = { context: { scope: { kind: 'this-chat' as const } } }
    expect((await say('Hello again.', { settings })).memory?.state).toBe('nothing-relevant')
  })

  it('is done again without the repetitions of the question that it found', async () => {
    const { embed, runtime, searches } = await start()
    const asked = randomUUID()
    await say('My dog Archie is afraid of thunder.')
    await say('What is my dog afraid of?', { messageId: asked })
    await indexed(runtime)
    const messageId = randomUUID()
    const { memory } = await say('what is  my DOG afraid of?', { messageId })
    expect(searches().slice(-2)).toMatchObject([
      { exclude_ids: [messageId] },
      { exclude_ids: [messageId, asked] },
    ])
    expect(memory?.items.map(({ text }) => text)).toEqual(['My dog Archie is afraid of thunder.'])
    expect(embed.items.has(asked)).toBe(true)
  })

  it('leaves out earlier questions of the chat, and looks at what was told in it', async () => {
    const { runtime, lastSearch } = await start()
    const chatId = randomUUID()
    const [told, asked, asking] = [randomUUID(), randomUUID(), randomUUID()]
    await say('My dog Archie is afraid of thunder.', { chatId, messageId: told })
    await say('What is my dog afraid of?', { chatId, messageId: asked })
    await indexed(runtime)
    const answered = await say('And why?', { chatId, messageId: asking })
    expect(lastSearch().exclude_ids).toEqual([asking, asked])
    expect(answered.memory?.items.map(({ itemId }) => itemId)).toEqual([told])
  })
})
