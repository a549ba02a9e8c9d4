import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../test/chat'
import { startEmbedServer } from '../../test/embed-server'
import { memory as governed } from '../../test/memory'
import { until } from '../../test/until'

import { DEFAULTS, type ChatSettings, type ContextSettings } from './settings'

import type { components } from '@/embed/api'
import type { Runtime } from '@/runtime'

type Sent = components['schemas']['SearchRequest']

/** Settings of every chat; each test sets what it is about. */
async function start(context: Partial<ContextSettings> = {}) {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  await runtime.store.settings.setDefaults({
    ...DEFAULTS,
    context: { ...DEFAULTS.context, ...context },
  })
  const searches = () =>
    embed.requests.filter(({ url }) => url === '/api/v1/search').map(({ body }) => body as Sent)
  return { embed, runtime, searches }
}

async function indexed({ store }: Runtime): Promise<void> {
  await until(
    'the outbox is empty',
    async () => (await store.outbox.pending(new Date())).pending === 0,
  )
}

/** Says each text in a chat of its own, and waits until memory has them. */
async function remember(runtime: Runtime, ...texts: string[]) {
  const said = texts.map((text) => ({ text, chatId: randomUUID(), messageId: randomUUID() }))
  for (const { text, ...ids } of said) await say(text, ids)
  await indexed(runtime)
  return said
}

const texts = (items: { text: string }[] | undefined) => items?.map(({ text }) => text)

const QUESTION = 'What is my dog afraid of?'
const THUNDER = 'My dog Archie is afraid of thunder.'
const CATS = 'My other dog is afraid of cats.'

describe('a search', () => {
  it('is asked as the settings say', async () => {
    const { searches } = await start({
      minRelevance: 0.3,
      recency: 0.7,
      languages: ['ru'],
      count: 5,
    })
    await say(QUESTION)
    expect(searches().at(-1)).toMatchObject({
      k: 9,
      min_relevance: 0.3,
      recency: 0.7,
      languages: ['ru'],
      conversations: null,
      exclude_conversations: [],
    })
  })

  it('leaves threshold and languages to raggen-embed where the settings say nothing', async () => {
    const { searches } = await start()
    await say(QUESTION)
    expect(searches().at(-1)).toMatchObject({ min_relevance: null, languages: null, recency: 0 })
  })

  it('is not made where memory is off', async () => {
    const { runtime, searches } = await start({ enabled: false })
    const [told] = await remember(runtime, THUNDER)
    await governed.change(told!.messageId, { pinned: true })
    const { memory } = await say(QUESTION)
    expect(memory).toMatchObject({ state: 'off', items: [] })
    expect(searches()).toEqual([])
  })

  it('finds no more than were asked for, of one language, where that was chosen', async () => {
    const { runtime } = await start({ count: 1, languages: ['en'] })
    await remember(runtime, THUNDER, CATS, 'Собака Archie is afraid.')
    expect(texts((await say(QUESTION)).memory?.items)).toEqual([THUNDER])
  })

  it('says what was lifted by its sitting and what by its age', async () => {
    const { embed, runtime } = await start({ recency: 1 })
    const [first, second] = await remember(runtime, THUNDER, CATS)
    embed.shares.set(first!.messageId, { session: 0.1, recency: 0.04 })
    embed.shares.set(second!.messageId, { session: 0.3, recency: 0.02 })
    const { memory } = await say(QUESTION)
    const kinds = memory?.items.map(({ reasons }) => reasons.map(({ kind }) => kind))
    expect(kinds).toEqual([
      ['meaning', 'words', 'recent'],
      ['meaning', 'words', 'nearby'],
    ])
  })
})

describe('the scope', () => {
  it('of this chat reaches no other', async () => {
    const { runtime, searches } = await start({ scope: { kind: 'this-chat' } })
    await remember(runtime, THUNDER)
    const chatId = randomUUID()
    const { memory } = await say(QUESTION, { chatId })
    expect(memory?.items).toEqual([])
    expect(searches().at(-1)?.conversations).toEqual([chatId])
  })

  it('of chosen chats reaches those alone', async () => {
    const { runtime } = await start()
    const [first] = await remember(runtime, THUNDER, CATS)
    const scope = { kind: 'chats' as const, chatIds: [first!.chatId] }
    const context = { ...DEFAULTS.context, scope }
    await runtime.store.settings.setDefaults({ ...DEFAULTS, context })
    expect(texts((await say(QUESTION)).memory?.items)).toEqual([THUNDER])
  })

  it('is a chat’s own, over the defaults', async () => {
    const { runtime, searches } = await start({ count: 3 })
    const chatId = randomUUID()
    await say('Hello.', { chatId })
    const own: ChatSettings = { generation: {}, context: { scope: { kind: 'this-chat' } } }
    await runtime.store.chats.configure(chatId, own)
    await say(QUESTION, { chatId })
    expect(searches().at(-1)).toMatchObject({ conversations: [chatId], k: 7 })
  })
})

describe('what is excluded', () => {
  it('is not recalled: one message', async () => {
    const { runtime } = await start()
    const [told] = await remember(runtime, THUNDER, CATS)
    await governed.change(told!.messageId, { excluded: true })
    expect(texts((await say(QUESTION)).memory?.items)).toEqual([CATS])
  })

  it('is not recalled even where raggen-embed finds it all the same', async () => {
    const { embed, runtime } = await start()
    const [told] = await remember(runtime, THUNDER, CATS)
    await governed.change(told!.messageId, { excluded: true })
    await indexed(runtime)
    embed.leavesNothingOut = true
    const messageId = randomUUID()
    const { memory } = await say(QUESTION, { messageId })
    expect(texts(memory?.items)).toEqual([CATS])
  })
})

describe('an excluded chat', () => {
  it('is recalled nowhere else, pinned or not, and in itself all the same', async () => {
    const { runtime, searches } = await start()
    const [told, other] = await remember(runtime, THUNDER, CATS)
    await governed.change(told!.messageId, { pinned: true })
    await runtime.store.chats.change(told!.chatId, { excluded: true }, new Date())
    const elsewhere = await say(QUESTION)
    expect(texts(elsewhere.memory?.items)).toEqual([CATS])
    expect(searches().at(-1)?.exclude_conversations).toEqual([told!.chatId])
    const inside = await say(QUESTION, { chatId: told!.chatId })
    expect(texts(inside.memory?.items)).toEqual([THUNDER, CATS])
    await runtime.store.chats.change(told!.chatId, { excluded: false }, new Date())
    expect(texts((await say(QUESTION, { chatId: other!.chatId })).memory?.items)).toContain(THUNDER)
  })
})

describe('another branch', () => {
  it('of the same chat is not recalled, and one of another chat is', async () => {
    const { runtime } = await start()
    const [chatId, first] = [randomUUID(), randomUUID()]
    await say(THUNDER, { chatId, messageId: first })
    await indexed(runtime)
    const beside = await say(QUESTION, { chatId, parentId: null })
    expect(texts(beside.memory?.items)).toEqual([])
    expect(texts((await say(QUESTION)).memory?.items)).toEqual([THUNDER])
  })
})

describe('what is pinned', () => {
  it('comes first with every answer, whatever is asked, and says so', async () => {
    const { runtime } = await start({ count: 1 })
    const [pinned] = await remember(runtime, 'I am allergic to nuts.', THUNDER, CATS)
    await governed.change(pinned!.messageId, { pinned: true })
    const { memory } = await say(QUESTION)
    expect(texts(memory?.items)).toEqual(['I am allergic to nuts.', THUNDER])
    expect(memory?.items[0]).toMatchObject({ rank: 1, reasons: [{ kind: 'pinned' }] })
    expect(memory?.items[1]?.rank).toBe(2)
    const bread = await say('Where is bread sold?')
    expect(bread.memory?.state).toBe('used')
    expect(texts(bread.memory?.items)).toEqual(['I am allergic to nuts.'])
  })

  it('is there once when it is found too, with both reasons and its relevance', async () => {
    const { runtime } = await start()
    const [, pinned] = await remember(runtime, THUNDER, CATS)
    await governed.change(pinned!.messageId, { pinned: true })
    const { memory } = await say(QUESTION)
    expect(texts(memory?.items)).toEqual([CATS, THUNDER])
    expect(memory?.items[0]?.reasons.map(({ kind }) => kind)).toEqual([
      'pinned',
      'meaning',
      'words',
    ])
    expect(memory?.items[0]?.relevance).toBeGreaterThan(0)
  })

  it('is there in its corrected words, and while raggen-embed does not answer', async () => {
    const { embed, runtime } = await start()
    const [pinned] = await remember(runtime, 'I am allergic to nuts.')
    await governed.change(pinned!.messageId, { pinned: true, text: 'I am allergic to peanuts.' })
    await indexed(runtime)
    await runtime.indexer.stop()
    embed.failures = 9
    const { memory } = await say(QUESTION)
    expect(memory?.state).toBe('unavailable')
    expect(texts(memory?.items)).toEqual(['I am allergic to peanuts.'])
  })

  it('is not there outside of the scope', async () => {
    const { runtime } = await start({ scope: { kind: 'this-chat' } })
    const [pinned] = await remember(runtime, 'I am allergic to nuts.')
    await governed.change(pinned!.messageId, { pinned: true })
    expect((await say(QUESTION)).memory?.items).toEqual([])
    const again = await say(QUESTION, { chatId: pinned!.chatId })
    expect(texts(again.memory?.items)).toEqual(['I am allergic to nuts.'])
  })
})
