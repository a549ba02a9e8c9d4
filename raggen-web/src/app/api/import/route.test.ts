import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { archivedChat } from '../../../../test/archived-chat'
import { say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { until } from '../../../../test/until'
import { GET as exportAll } from '../export/route'
import { POST as search } from '../search/route'

import { POST } from './route'

import type { ArchivedChat } from '@/db/archived'
import type { Runtime } from '@/runtime'
import type { ImportResult } from '@/transfer/import'

const NONE = { params: Promise.resolve({}) }
const HEADER = { format: 'raggen-chats', version: 1 }

async function send(body: string | object, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = new Request('http://127.0.0.1:3000/api/import', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: '127.0.0.1:3000', ...headers },
    body: new Blob([text]).stream(), // In pieces, as from a network.
    duplex: 'half',
  } as RequestInit)
  const response = await POST(request, NONE)
  return { status: response.status, body: (await response.json()) as unknown }
}

async function bring(...chats: unknown[]): Promise<ImportResult> {
  const { status, body } = await send({ ...HEADER, chats })
  expect(status).toBe(200)
  return body as ImportResult
}

async function exported(): Promise<{ text: string; chats: ArchivedChat[] }> {
  const response = await exportAll(new Request('http://127.0.0.1:3000/api/export'), NONE)
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="raggen\.json"/,
  )
  const text = await response.text()
  return { text, chats: (JSON.parse(text) as { chats: ArchivedChat[] }).chats }
}

const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
const byId = (chats: { id: string }[]) => chats.toSorted((a, b) => a.id.localeCompare(b.id))
const stored = async ({ store }: Runtime) => (await store.transfer.chatIds()).length

describe('importing what was exported', () => {
  it('is lossless: chats with any branches come back equal, and again after that', async () => {
    const chats = Array.from({ length: 25 }, (_, seed) => archivedChat(seed, seed))
    await startRuntime()
    expect(await bring(...chats)).toEqual({ imported: 25, unchanged: 0, skipped: [] })
    const first = await exported()
    expect(byId(first.chats)).toEqual(byId(plain(chats) as ArchivedChat[]))

    await startRuntime() // Another database.
    expect((await send(first.text)).body).toEqual({ imported: 25, unchanged: 0, skipped: [] })
    const second = await exported()
    expect(second.chats).toEqual(first.chats)
    expect((await send(second.text)).body).toEqual({ imported: 0, unchanged: 25, skipped: [] })
    expect((await exported()).chats).toEqual(first.chats)
  })

  it('carries a real chat over, with its context and receipt, and remembers it there', async () => {
    const here = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: here.url })
    const [told, asked] = [randomUUID(), randomUUID()]
    await say('My dog is afraid of thunder.', { chatId: told })
    await until('indexed', () => here.items.size > 0)
    await say('What is my dog afraid of?', { chatId: asked })
    const { text, chats } = await exported()
    expect(chats.map(({ id }) => id)).toEqual([told, asked])
    const answer = chats[1]?.messages[1]
    expect(answer).toMatchObject({
      role: 'assistant',
      indexable: false,
      context: [{ text: 'My dog is afraid of thunder.', sourceChatId: told }],
      receipt: { provider: 'quotations', memoryState: 'used' },
    })

    const there = await startEmbedServer()
    const { indexer } = await startRuntime({ RAGGEN_WEB_EMBED_URL: there.url })
    expect((await send(text)).body).toMatchObject({ imported: 2 })
    expect((await exported()).chats).toEqual(chats)
    // Memory takes the questions, and never what only quotes it.
    await until('indexed', () => there.items.size === 2)
    await indexer.stop()
    expect([...there.items.values()].map(({ text }) => text).toSorted()).toEqual([
      'My dog is afraid of thunder.',
      'What is my dog afraid of?',
    ])
    const found = await search(
      new Request('http://127.0.0.1:3000/api/search', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"thunder"}',
      }),
      NONE,
    )
    expect(await found.json()).toMatchObject({ messages: [{ chatId: told }] })
  })

  it('remembers what was corrected and excluded, and not what was forgotten or failed', async () => {
    const embed = await startEmbedServer()
    await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const chat = archivedChat(3, 30)
    const memorable = chat.messages.filter(
      ({ indexable, memory, role, status, text, memoryText }) =>
        indexable &&
        memory !== 'forgotten' &&
        (role === 'user' || ['complete', 'stopped'].includes(status)) &&
        (memoryText ?? text) !== '',
    )
    expect(memorable.length).toBeGreaterThan(5)
    await bring(chat)
    await until('indexed', () => embed.items.size >= memorable.length)
    const texts = new Map([...embed.items.values()].map(({ id, text }) => [id, text]))
    expect(texts).toEqual(new Map(memorable.map((one) => [one.id, one.memoryText ?? one.text])))
  })

  it('brings a deleted chat back, also to raggen-embed, which had forgotten it', async () => {
    const embed = await startEmbedServer()
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const chatId = randomUUID()
    await say('My dog is afraid of thunder.', { chatId })
    await until('indexed', () => embed.items.size === 1)
    const { text } = await exported()
    for (const _round of [1, 2]) {
      await runtime.store.chats.remove(chatId, new Date())
      runtime.indexer.wake()
      await until('forgotten', () => embed.items.size === 0)
      // Erasing a chat takes longer than this: for 20 seconds it can be taken back.
      await new Promise((resolve) => setTimeout(resolve, 2_100))
      expect((await send(text)).body).toMatchObject({ imported: 1 })
      await until('remembered', () => embed.items.size === 1)
    }
  })

  it('leaves alone what is here', async () => {
    await startRuntime()
    const [one, other] = [archivedChat(1, 8), archivedChat(2, 8)]
    await bring(one)
    const [first, ...rest] = one.messages
    const shorter = { ...one, leafId: null, messages: [first] }
    expect(await bring(shorter)).toEqual({ imported: 0, unchanged: 1, skipped: [] })
    const rewritten = { ...one, messages: [{ ...first, text: 'Something else.' }, ...rest] }
    const { id: chatId, title } = one
    expect(await bring(rewritten)).toMatchObject({
      imported: 0,
      skipped: [{ chatId, title, reason: 'differs' }],
    })
    const stolen = { ...other, leafId: null, messages: [{ ...first, parentId: null }] }
    expect(await bring(stolen)).toMatchObject({
      skipped: [{ chatId: other.id, reason: 'id_taken' }],
    })
    expect((await exported()).chats).toEqual([plain(one)])
  })
})

describe('a hostile file', () => {
  const good = archivedChat(5, 6)
  const [first, second] = good.messages
  const put = (change: object) => ({ ...good, leafId: null, messages: [{ ...first, ...change }] })

  it.each<[string, unknown, string]>([
    ['is no object', 'chat', ''],
    ['is nothing', null, ''],
    ['has no messages', { ...good, messages: undefined }, 'messages'],
    ['has an id of its own kind', { ...good, id: '../../etc/passwd' }, 'id'],
    ['has a date that is none', { ...good, createdAt: 'yesterday' }, 'createdAt'],
    [
      'has settings that are none',
      { ...good, settings: { context: { count: 1e9 } } },
      'settings.context.count',
    ],
    ['shows a message of another chat', { ...good, leafId: randomUUID() }, 'leafId'],
    ['says something as the system', put({ role: 'system' }), 'messages.0.role'],
    ['says a number', put({ text: 5 }), 'messages.0.text'],
    ['says a whole library', put({ text: 'x'.repeat(2_000_001) }), 'messages.0.text'],
    ['follows itself', put({ parentId: first?.id }), 'messages.0.parentId'],
    ['follows another chat', put({ parentId: randomUUID() }), 'messages.0.parentId'],
    ['has a place beyond all', put({ seq: 2 ** 31 }), 'messages.0.seq'],
    ['has an error with markup', put({ errorCode: '<b>' }), 'messages.0.errorCode'],
    [
      'asks with a receipt',
      put({
        replyToId: null,
        role: 'user',
        receipt: second?.receipt ?? good.messages.find(({ receipt }) => receipt)?.receipt,
      }),
      'messages.0.receipt',
    ],
    [
      'goes round in a circle',
      {
        ...good,
        messages: [
          { ...first, parentId: second?.id },
          { ...second, parentId: first?.id },
        ],
      },
      'messages.0.parentId',
    ],
    [
      'says one message twice',
      { ...good, messages: [first, { ...first, seq: 99 }] },
      'messages.1.id',
    ],
    [
      'has one place twice',
      { ...good, messages: [first, { ...second, seq: first?.seq }] },
      'messages.1.seq',
    ],
    [
      'has a prompt that is too deep',
      put({ settings: JSON.parse(`${'['.repeat(70)}${']'.repeat(70)}`) as unknown }),
      'depth',
    ],
  ])('that %s leaves everything as it is, and the other chats come in', async (_name, chat, at) => {
    const runtime = await startRuntime()
    const other = archivedChat(6, 3)
    const result = await bring(chat, other)
    expect(result).toMatchObject({ imported: 1, skipped: [{ reason: 'invalid', at }] })
    expect((await exported()).chats).toEqual([plain(other)])
    expect(await stored(runtime)).toBe(1)
  })

  it.each<[string, string | object, number, string]>([
    ['is empty', '', 422, 'import_unknown_format'],
    ['is a page', '<!doctype html>', 422, 'import_unknown_format'],
    ['is of another program', { items: [1, 2] }, 422, 'import_unknown_format'],
    [
      'names another format',
      { format: 'x', version: 1, chats: [good] },
      422,
      'import_unknown_format',
    ],
    ['names no format', { chats: [good] }, 422, 'import_unknown_format'],
    ['is of the future', { ...HEADER, version: 2, chats: [good] }, 422, 'import_newer_version'],
    ['is all brackets', '['.repeat(100_000), 422, 'import_broken'],
    ['is all junk', JSON.stringify(Array(200).fill({})), 422, 'import_broken'],
  ])('that %s is refused with a code', async (_name, body, status, code) => {
    const runtime = await startRuntime()
    const answer = await send(body)
    expect(answer.status).toBe(status)
    expect(answer.body).toMatchObject({ error: { code } })
    expect(await stored(runtime)).toBe(0)
  })

  it('that breaks off says what had come in before', async () => {
    const runtime = await startRuntime()
    const text = JSON.stringify({ ...HEADER, chats: [good, archivedChat(7), archivedChat(8)] })
    const { status, body } = await send(text.slice(0, -200))
    expect(status).toBe(422)
    expect(body).toMatchObject({
      error: { code: 'import_broken', detail: { imported: 2, unchanged: 0, skipped: 0 } },
    })
    expect(await stored(runtime)).toBe(2)
  })

  it('keeps what a database cannot hold out of the texts', async () => {
    await startRuntime()
    const told = good.messages.find(({ receipt }) => receipt !== null)!
    const parameters = { 'k\0': 'a\0b\ud800c', kept: 'ё🐶' }
    await bring({
      ...good,
      leafId: null,
      settings: { generation: { systemPrompt: 'a\0' } },
      messages: [
        {
          ...told,
          text: 'a\0b\ud800c',
          parentId: null,
          replyToId: null,
          receipt: { ...told.receipt, parameters },
        },
      ],
    })
    const [chat] = (await exported()).chats
    expect(chat?.messages[0]?.text).toBe('ab\ufffdc')
    expect(chat?.messages[0]?.receipt?.parameters).toEqual({ k: 'ab\ufffdc', kept: 'ё🐶' })
    expect(chat?.settings).toMatchObject({ generation: { systemPrompt: 'a' } })
  })

  it('of another site is refused', async () => {
    const runtime = await startRuntime()
    const file = { ...HEADER, chats: [good] }
    for (const headers of [
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { host: 'evil.example' },
      { 'content-type': 'text/plain' }, // As a form sends it, which asks nobody first.
    ] as Record<string, string>[]) {
      expect((await send(file, headers)).status).toBe(403)
    }
    expect((await send(file, { 'content-type': 'application/x-ndjson' })).status).toBe(422)
    expect(await stored(runtime)).toBe(0)
  })
})
