import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../test/chat'
import { startEmbedServer } from '../../test/embed-server'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

import type { LoadedChat } from './history'
import type { ChatMessage } from './message'

import { PUT as SHOW } from '@/app/api/chats/[chatId]/leaf/route'
import { GET } from '@/app/api/chats/[chatId]/route'

const context = (chatId: string) => ({ params: Promise.resolve({ chatId }) })

async function load(chatId: string): Promise<LoadedChat> {
  const response = await GET(new Request('http://127.0.0.1:3000/'), context(chatId))
  return (await response.json()) as LoadedChat
}

async function show(chatId: string, messageId: string) {
  const response = await SHOW(jsonRequest('/', 'PUT', { messageId }), context(chatId))
  return (await response.json()) as { messages: ChatMessage[]; error?: { code: string } }
}

const ids = (messages: ChatMessage[]) => messages.map(({ id }) => id)

/** Two questions, each answered; then the first one asked otherwise. */
async function converse() {
  const chatId = randomUUID()
  const [q1, q2, q1b] = [randomUUID(), randomUUID(), randomUUID()]
  const a1 = await say('My dog is Archie.', { chatId, messageId: q1 })
  const a2 = await say('He is afraid of thunder.', { chatId, messageId: q2 })
  const a1b = await say('My cat is Tom.', { chatId, messageId: q1b, parentId: null })
  return { chatId, q1, q2, q1b, a1: a1.messageId, a2: a2.messageId, a1b: a1b.messageId }
}

describe('a branch', () => {
  it('begins where a question is edited; both stay, the new one is shown', async () => {
    await startRuntime()
    const { chatId, q1, q1b, a1b } = await converse()
    const { messages } = await load(chatId)
    expect(messages).toMatchObject([
      {
        id: q1b,
        metadata: { parentId: null, siblings: { ids: [q1, q1b], index: 1 }, memory: 'remembered' },
      },
      {
        id: a1b,
        metadata: { parentId: q1b, siblings: { ids: [a1b], index: 0 }, origin: 'fresh' },
      },
    ])
  })

  it('is shown down to its end, whichever of its messages is asked for', async () => {
    await startRuntime()
    const { chatId, q1, q2, a1, a2, q1b, a1b } = await converse()
    for (const through of [q1, a1, q2, a2]) {
      expect(ids((await show(chatId, through)).messages)).toEqual([q1, a1, q2, a2])
    }
    expect(ids((await load(chatId)).messages)).toEqual([q1, a1, q2, a2])
    expect(ids((await show(chatId, q1b)).messages)).toEqual([q1b, a1b])
  })

  it('goes on from the one that is shown, or from the message that is named', async () => {
    await startRuntime()
    const { chatId, q1, a1, q1b, a1b } = await converse()
    const q3 = randomUUID()
    const a3 = await say('And his sister?', { chatId, messageId: q3 })
    expect(ids((await load(chatId)).messages)).toEqual([q1b, a1b, q3, a3.messageId])
    const q2b = randomUUID()
    const a2b = await say('He likes rain.', { chatId, messageId: q2b, parentId: a1 })
    expect(a2b.metadata).toMatchObject({ parentId: q2b })
    expect(ids((await load(chatId)).messages)).toEqual([q1, a1, q2b, a2b.messageId])
  })

  it('does not know what the others say: neither in the prompt nor out of memory', async () => {
    const { embed, openai } = await startWithModel()
    const { chatId, q1, q2, a1, a2 } = await converse()
    await until('indexed', () => embed.items.size === 6)
    const asked = await say('What is Archie the dog afraid of?', { chatId })
    expect(asked.memory?.items).toEqual([])
    const sent = openai.completions.at(-1)?.messages.map(({ content }) => content) ?? []
    expect(sent.join('\n')).toContain('My cat is Tom.')
    expect(sent.join('\n')).not.toContain('He is afraid of thunder.')
    expect(sent.join('\n')).not.toContain('My dog is Archie.')
    const search = embed.requests.findLast(({ url }) => url === '/api/v1/search')
    const excluded = (search?.body as { exclude_ids: string[] }).exclude_ids
    expect(excluded).toEqual(expect.arrayContaining([q1, q2, a1, a2]))
  })

  it('of another chat, or of none, is refused', async () => {
    await startRuntime()
    const [mine, other] = [await converse(), await converse()]
    const chatId = mine.chatId
    const refused = { status: 404, code: 'message_not_found' }
    expect(await say('Hello.', { chatId, parentId: other.a1 })).toMatchObject(refused)
    expect(await say('Hello.', { chatId, parentId: randomUUID() })).toMatchObject(refused)
    expect((await show(chatId, other.a1)).error?.code).toBe('message_not_found')
    expect((await show(randomUUID(), mine.a1)).error?.code).toBe('message_not_found')
    expect(ids((await load(chatId)).messages)).toEqual([mine.q1b, mine.a1b])
  })
})

describe('an answer', () => {
  it('made again stands beside the first, with the same or no context where that is wanted', async () => {
    const { embed, openai, runtime } = await startWithModel()
    await say('My dog Archie is afraid of thunder.')
    await until('indexed', () => embed.items.size === 2)
    const [chatId, messageId] = [randomUUID(), randomUUID()]
    const first = await say('What is my dog afraid of?', { chatId, messageId })
    expect(first.memory?.items.length).toBeGreaterThan(0)
    const searches = () => embed.requests.filter(({ url }) => url === '/api/v1/search').length
    const before = searches()
    const again = { chatId, messageId, trigger: 'regenerate' } as const
    const same = await say('', { ...again, context: 'same', answerId: first.messageId })
    const none = await say('', { ...again, context: 'none' })
    expect(searches()).toBe(before)
    expect(same.memory?.items).toEqual(first.memory?.items)
    expect(none.memory?.items).toEqual([])
    const all = [first, same, none].map((one) => one.messageId)
    expect(same.metadata).toMatchObject({ origin: 'same-context', parentId: messageId })
    expect(none.metadata).toMatchObject({
      origin: 'without-context',
      siblings: { ids: all, index: 2 },
    })
    expect(openai.completions.at(-1)?.messages.at(-1)?.content).toBe('What is my dog afraid of?')
    const { messages } = await load(chatId)
    expect(messages[1]?.metadata).toMatchObject({ origin: 'without-context' })
    expect(await runtime.store.messages.list(chatId)).toHaveLength(4)
  })

  it('whose context is not there is refused, and nothing is stored', async () => {
    const { store } = await startRuntime()
    const { chatId, q1, a1 } = await converse()
    const again = { chatId, messageId: q1, trigger: 'regenerate', context: 'same' } as const
    expect(await say('', again)).toMatchObject({ status: 422, code: 'invalid_request' })
    expect(await say('', { ...again, answerId: q1 })).toMatchObject({ code: 'message_not_found' })
    const nobody = { ...again, messageId: randomUUID(), answerId: a1 }
    expect(await say('', nobody)).toMatchObject({ status: 404, code: 'message_not_found' })
    expect(await store.messages.list(chatId)).toHaveLength(6)
  })

  it('that failed without a word is replaced on retry; one that had begun stays beside', async () => {
    const { openai, runtime } = await startWithModel()
    const asked = { chatId: randomUUID(), messageId: randomUUID() }
    openai.behaviour = 'broken'
    const empty = await say('Hello?', asked)
    expect(empty.metadata).toMatchObject({ status: 'failed' })
    openai.behaviour = 'close-half-way'
    const half = await say('', { ...asked, trigger: 'retry' })
    expect(half.metadata?.siblings).toEqual({ ids: [half.messageId], index: 0 })
    openai.behaviour = 'answer'
    const whole = await say('', { ...asked, trigger: 'retry' })
    expect(whole.metadata?.siblings).toEqual({ ids: [half.messageId, whole.messageId], index: 1 })
    expect(await runtime.store.messages.find(empty.messageId)).toBeNull()
  })

  it('begins a chat with settings of its own', async () => {
    const { openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    const settings = { generation: { temperature: 0.3 } }
    await say('Hello.', { chatId, settings })
    expect(openai.completions.at(-1)).toMatchObject({ temperature: 0.3 })
    await say('Hello again.', { chatId, settings: { generation: { temperature: 1.5 } } })
    expect(openai.completions.at(-1)).toMatchObject({ temperature: 0.3 })
    expect((await load(chatId)).settings).toEqual({ ...settings, context: {} })
    const quoting = { selection: { providerId: 'quotations', model: null } }
    const quoted = await say('Hello.', { settings: quoting })
    expect(quoted.metadata).toMatchObject({ provider: 'quotations' })
    expect((await runtime.store.settings.selection()).providerId).not.toBe('quotations')
  })
})

it('chats that are excluded are not recalled by others', async () => {
  const embed = await startEmbedServer()
  const { store } = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  const chatId = randomUUID()
  await say('My dog is afraid of thunder.', { chatId })
  await until('indexed', () => embed.items.size === 1)
  await store.chats.change(chatId, { excluded: true }, new Date())
  expect((await say('What is my dog afraid of?')).memory?.items).toEqual([])
  await store.chats.change(chatId, { excluded: false }, new Date())
  const recalled = (await say('What is my dog really afraid of?')).memory?.items ?? []
  expect(recalled.filter((item) => item.chatId === chatId)).toHaveLength(1)
})
