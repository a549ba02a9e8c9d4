import { randomUUID } from 'node:crypto'

import { describe, expect, it, onTestFinished } from 'vitest'

import { startEmbedServer } from '../../test/embed-server'
import { bodyOf, listen } from '../../test/listen'
import { tmpStore } from '../../test/tmp'
import { until } from '../../test/until'

import { createIndexer } from './indexer'

import type { Store } from '@/db/store'
import { createEmbedClient } from '@/embed/client'
import { createLogger } from '@/log'

const silent = createLogger('fatal', () => {})

async function startIndexer(store: Store, url: string) {
  const indexer = createIndexer({
    outbox: store.outbox,
    embed: createEmbedClient(url),
    log: silent,
    firstPauseMs: 20,
  })
  indexer.start()
  onTestFinished(() => indexer.stop())
  return indexer
}

async function write(store: Store, count: number, text = 'Archie is afraid of thunder.') {
  const ids: string[] = []
  for (let n = 0; n < count; n += 1) {
    const [chatId, messageId] = [randomUUID(), randomUUID()]
    const answer = { id: randomUUID(), provider: 'quotations', model: null, indexable: false }
    const at = new Date()
    const said = { chatId, title: '', messageId, text, trigger: 'submit' } as const
    await store.messages.receive({ ...said, answer, at })
    ids.push(messageId)
  }
  return ids
}

const pending = async (store: Store) => (await store.outbox.pending(new Date())).pending

describe('the indexer', () => {
  it('hands over what was written before it started and after, in batches', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    await write(store, 10)
    const indexer = await startIndexer(store, embed.url)
    await until('the first are taken', async () => (await pending(store)) === 0)
    expect(embed.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    const [id = ''] = await write(store, 1)
    indexer.wake()
    await until('the last is taken', () => embed.items.has(id), 1_000)
    expect(embed.items.get(id)).toMatchObject({
      version: 1,
      owner: 'local',
      collection: 'messages',
      seq: 1,
      speaker: 'user',
      language: 'en',
      text: 'Archie is afraid of thunder.',
    })
  })

  it('lets those go first who wait for an answer, and what is new go together', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    let awaited = true
    const silenced = { outbox: store.outbox, embed: createEmbedClient(embed.url), log: silent }
    const isAwaited = () => awaited
    const indexer = createIndexer({ ...silenced, isAwaited, longestWayMs: 60_000 })
    onTestFinished(() => indexer.stop())
    indexer.wake()
    indexer.start()
    await write(store, 1)
    indexer.wake()
    await new Promise((resolve) => setTimeout(resolve, 500))
    await write(store, 2)
    const puts = () => embed.requests.filter(({ method }) => method === 'PUT').length
    expect(puts()).toBe(0)
    awaited = false
    await until('all are taken', async () => (await pending(store)) === 0)
    expect([puts(), embed.items.size]).toEqual([1, 3])
  })

  it('lets them go first also where it looks by itself', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    let awaited = true
    const silenced = { outbox: store.outbox, embed: createEmbedClient(embed.url), log: silent }
    const isAwaited = () => awaited
    const indexer = createIndexer({ ...silenced, isAwaited, longestWayMs: 60_000 })
    onTestFinished(() => indexer.stop())
    await write(store, 1)
    indexer.start() // Nobody wakes it.
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(embed.requests).toEqual([])
    awaited = false
    await until('it is taken', () => embed.items.size === 1)
  })

  it('lets nobody go first for ever', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const silenced = { outbox: store.outbox, embed: createEmbedClient(embed.url), log: silent }
    const indexer = createIndexer({ ...silenced, isAwaited: () => true, longestWayMs: 300 })
    onTestFinished(() => indexer.stop())
    await write(store, 1)
    indexer.wake()
    indexer.start()
    await until('it is taken', () => embed.items.size === 1)
  })

  it('tries again until raggen-embed is back, and loses and doubles nothing', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    Object.assign(embed, { status: 507, failures: 4 })
    const ids = await write(store, 3)
    const indexer = await startIndexer(store, embed.url)
    await until('a failure', () => embed.failures < 4)
    ids.push(...(await write(store, 2)))
    indexer.wake()
    await until('all are taken', async () => (await pending(store)) === 0)
    expect([...embed.items.keys()].sort()).toEqual(ids.sort())
  })

  it('sends again what was taken but could not be marked as taken', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const { taken } = store.outbox
    let failures = 1
    store.outbox.taken = (...marked) =>
      failures-- > 0 ? Promise.reject(new Error('disk full')) : taken(...marked)
    await write(store, 1)
    await startIndexer(store, embed.url)
    await until('taken', async () => (await pending(store)) === 0)
    expect(embed.requests.filter(({ method }) => method === 'PUT')).toHaveLength(2)
    expect(embed.items.size).toBe(1)
  })

  it('marks an item that is refused as failed, and it blocks nobody', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const ids = await write(store, 5)
    embed.poison.add(ids[2] ?? '')
    await startIndexer(store, embed.url)
    await until('the outbox is empty', async () => (await pending(store)) === 0)
    expect([...embed.items.keys()].sort()).toEqual(ids.toSpliced(2, 1).sort())
    expect(embed.requests.filter(({ method }) => method === 'PUT').length).toBeLessThan(10)
  })

  it('gives nothing up because another program answers on its port', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const refusals = [404, 405, 401, 422]
    let strangers = refusals.length
    const stranger = await listen(async (request, response) => {
      const status = refusals[refusals.length - strangers]
      if (status !== undefined) {
        strangers -= 1
        return void response.writeHead(status).end('{"detail":"Not Found"}')
      }
      const answer = await fetch(`${embed.url}${request.url}`, {
        method: request.method,
        headers: { 'content-type': 'application/json' },
        body: request.method === 'GET' ? undefined : await bodyOf(request),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    })
    const ids = await write(store, 1)
    await startIndexer(store, stranger.url)
    await until('taken', async () => (await pending(store)) === 0)
    expect([...embed.items.keys()]).toEqual(ids)
  })

  it('waits for no moment that a clock set back has put far away', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    await write(store, 1)
    const rows = await store.outbox.due(10, new Date())
    await store.outbox.postponed(rows, 'busy', new Date(Date.now() + 3_600_000))
    await startIndexer(store, embed.url)
    await until('taken', () => embed.items.size === 1)
  })

  it('asks raggen-embed to forget a deleted chat, with a version that no late upsert beats', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const indexer = await startIndexer(store, embed.url)
    const [id = ''] = await write(store, 1)
    indexer.wake()
    await until('taken', () => embed.items.has(id))
    const [chat] = await store.chats.list()
    await store.chats.remove(chat?.id ?? '', new Date())
    indexer.wake()
    await until('forgotten', () => !embed.items.has(id))
    expect(embed.tombstones.get(id)).toBe(2)
  })

  it('sends no text of a chat that was deleted before its turn', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    const [id = ''] = await write(store, 1, 'A secret.')
    const [chat] = await store.chats.list()
    await store.chats.remove(chat?.id ?? '', new Date())
    await startIndexer(store, embed.url)
    await until('the outbox is empty', async () => (await pending(store)) === 0)
    expect(JSON.stringify(embed.requests)).not.toContain('A secret.')
    expect(embed.tombstones.has(id)).toBe(true)
  })

  it('cuts batches by size', async () => {
    const [store, embed] = [tmpStore(), await startEmbedServer()]
    await write(store, 12, 'я'.repeat(100_000))
    await startIndexer(store, embed.url)
    await until('the outbox is empty', async () => (await pending(store)) === 0)
    expect(embed.requests.filter(({ method }) => method === 'PUT')).toHaveLength(3)
    expect(embed.items.size).toBe(12)
  })
})
