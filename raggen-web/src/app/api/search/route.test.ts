import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { until } from '../../../../test/until'

import { POST } from './route'

type Found = {
  messages: {
    messageId: string
    chatId: string
    chatTitle: string
    speaker: string
    excerpt: string
    highlights: { start: number; end: number }[]
    createdAt: string
    relevanceWord: string | null
    how: string
  }[]
  chats: { id: string; title: string }[]
  degraded: boolean
}

const NONE = { params: Promise.resolve({}) }

async function search(text: string, limit?: number): Promise<Found> {
  const response = await POST(jsonRequest('/api/search', 'POST', { text, limit }), NONE)
  expect(response.status).toBe(200)
  return (await response.json()) as Found
}

const marked = ({ excerpt, highlights }: Found['messages'][number]) =>
  highlights.map(({ start, end }) => Array.from(excerpt).slice(start, end).join(''))

describe('searching all that was said', () => {
  it('finds by raggen-embed and by the very words, each message once', async () => {
    const embed = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const [chatId, messageId] = [randomUUID(), randomUUID()]
    await say('🐶 Моя собака Арчи боится грозы.', { chatId, messageId })
    await until('indexed', () => embed.items.size === 1)
    const { messages, chats, degraded } = await search('СОБАКА')
    expect(degraded).toBe(false)
    expect(messages).toMatchObject([
      { messageId, chatId, speaker: 'user', relevanceWord: 'high', how: 'words' },
    ])
    expect(marked(messages[0]!)).toEqual(['собака'])
    expect(chats).toMatchObject([{ id: chatId, title: '🐶 Моя собака Арчи боится грозы.' }])
    // Half a word, which raggen-embed's stand-in does not know, is found by its letters.
    expect((await search('гроз')).messages).toMatchObject([{ messageId, relevanceWord: null }])
  })

  it('asks raggen-embed for more than an answer may stand on', async () => {
    const embed = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await search('thunder', 50)
    const { body } = embed.requests.find(({ url }) => url === '/api/v1/search')!
    expect(body).toMatchObject({ text: 'thunder', k: 60, min_relevance: 0.1, highlights: 1 })
  })

  it('without raggen-embed searches the words, and says so', async () => {
    await startRuntime()
    const messageId = randomUUID()
    await say('Ёлка стоит в углу. 100% готова.', { messageId })
    const found = await search('елка углу')
    expect(found.degraded).toBe(true)
    expect(found.messages).toMatchObject([{ messageId, relevanceWord: null, how: 'words' }])
    expect(marked(found.messages[0]!)).toEqual(['Ёлка', 'углу'])
    expect((await search('галка')).messages).toEqual([])
    expect((await search('ёлка в комнате')).messages).toEqual([])
    expect((await search('%')).messages).toEqual([])
    expect((await search('с_оит')).messages).toEqual([])
  })

  it('answers when raggen-embed hangs', async () => {
    const embed = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await say('Hello there, Archie.')
    embed.delayMs = 20_000
    const startedAt = Date.now()
    expect(await search('archie')).toMatchObject({ degraded: true, messages: [{}] })
    expect(Date.now() - startedAt).toBeLessThan(4_000)
  })

  it('shows nothing that is deleted or forgotten, though raggen-embed may still hold it', async () => {
    const embed = await startEmbedServer()
    const { store, indexer } = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const [gone, kept] = [randomUUID(), randomUUID()]
    await say('Archie is afraid of thunder.', { chatId: gone })
    await say('Archie likes apples.', { chatId: kept })
    await until('indexed', () => embed.items.size === 2)
    await indexer.stop()
    await store.chats.remove(gone, new Date())
    expect(embed.items.size).toBe(2)
    const { messages, chats } = await search('archie')
    expect(messages.map(({ chatId }) => chatId)).toEqual([kept])
    expect(chats.map(({ id }) => id)).toEqual([kept])
  })

  it.each([
    ['nothing', {}],
    ['blanks', { text: ' \u200b ' }],
    ['a book', { text: 'x'.repeat(2_001) }],
    ['too many', { text: 'dog', limit: 51 }],
  ])('refuses %s', async (_name, body) => {
    await startRuntime()
    expect((await POST(jsonRequest('/api/search', 'POST', body), NONE)).status).toBe(422)
  })
})
