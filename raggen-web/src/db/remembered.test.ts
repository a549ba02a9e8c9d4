import { randomUUID } from 'node:crypto'

import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, it } from 'vitest'

import { ON_POSTGRES, tmpStore } from '../../test/tmp'

import { PrismaClient } from './generated/client'
import type { Location } from './location'
import { openDatabase } from './open'
import { createRememberedList } from './remembered'

const COUNT = 10_000

const moment = (seconds: number) => new Date(Date.UTC(2026, 4, 8, 0, 0, seconds))

/** A message; several are of the same moment: then the place in the chat decides, then the id. */
function message(n: number) {
  const at = moment(Math.floor(n / 7))
  return {
    id: randomUUID(),
    chatId: `chat-${n % 10}`,
    seq: n + 1,
    session: 1,
    role: 'user',
    text: `Sentence ${n}. `.repeat(30),
    status: 'complete',
    indexable: true,
    memory: n % 100 === 0 ? 'forgotten' : n % 10 === 0 ? 'excluded' : 'remembered',
    createdAt: at,
    updatedAt: at,
  }
}

/** Remembered messages of ten chats, some of them marked, written past the store: it would take minutes. */
async function fill(location: Location): Promise<void> {
  const { write, close } = openDatabase(location)
  const times = { createdAt: moment(0), updatedAt: moment(0) }
  const messages = Array.from({ length: COUNT }, (_, n) => message(n))
  const held = messages.filter(({ memory }) => memory !== 'forgotten')
  await write(async (tx) => {
    await tx.chat.createMany({
      data: Array.from({ length: 10 }, (_, n) => ({ id: `chat-${n}`, title: 'Long', ...times })),
    })
    for (let from = 0; from < COUNT; from += 500) {
      await tx.message.createMany({ data: messages.slice(from, from + 500) })
    }
    for (let from = 0; from < held.length; from += 500) {
      const data = held.slice(from, from + 500).map(({ id }) => {
        return { messageId: id, state: 'indexed', version: 1 }
      })
      await tx.embedding.createMany({ data })
    }
  })
  await close()
}

describe('ten thousand messages', () => {
  it('are turned over to the last, each once, and every page is as quick as the first', async () => {
    const { memory, location } = tmpStore()
    await fill(location)
    const seen = new Set<string>()
    const took: number[] = []
    let after: { createdAt: Date; seq: number; id: string } | null = null
    for (;;) {
      const startedAt = performance.now()
      const page = await memory.list({ filter: 'all', chatId: null, after, limit: 200 })
      took.push(performance.now() - startedAt)
      for (const { id } of page) seen.add(id)
      const last = page.at(-1)
      if (!last) break
      expect(page.map(({ createdAt }) => createdAt.getTime())).toEqual(
        page.map(({ createdAt }) => createdAt.getTime()).toSorted((a, b) => b - a),
      )
      after = last
    }
    expect(seen.size).toBe(COUNT - COUNT / 100)
    const startedAt = performance.now()
    expect(await memory.counts(null)).toMatchObject({
      excluded: 900,
      forgotten: 100,
      remembered: 9000,
    })
    const counting = performance.now() - startedAt
    const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0
    if (process.env.RAGGEN_TIMES) process.stderr.write(`page ${median} ms, counts ${counting} ms\n`)
    expect(median).toBeLessThan(500)
    expect(counting).toBeLessThan(1_500)
  }, 120_000)
})

/** The first statement of a list's page, as SQLite carries it out. */
async function plan(path: string): Promise<string[]> {
  const read = new PrismaClient({
    adapter: new PrismaBetterSqlite3({ url: `file:${path}` }),
    log: [{ emit: 'event', level: 'query' }],
  })
  const statements: string[] = []
  read.$on('query', ({ query }) => statements.push(query))
  const list = createRememberedList({ read, contains: (words) => ({ contains: words }) })
  await list.list({ filter: 'all', chatId: null, after: null, limit: 51 })
  await read.$disconnect()
  const file = new SqliteDatabase(path, { readonly: true })
  try {
    // Prisma binds limits as integers. Where SQLite knows the limit, it takes a sort for cheap.
    const explained = file.prepare(`EXPLAIN QUERY PLAN ${statements[0]}`)
    return explained.all('forgotten', 51n, 0n).map((row) => (row as { detail: string }).detail)
  } finally {
    file.close()
  }
}

describe('a page', () => {
  // PostgreSQL chooses by what is there.
  it.skipIf(ON_POSTGRES)('is read off an index, and nothing is sorted for it', async () => {
    const { location } = tmpStore()
    if (location.kind !== 'sqlite') throw new Error('not a file')
    const steps = await plan(location.path)
    expect(steps[0]).toContain('Message_createdAt_seq_id_idx')
    expect(steps.join()).not.toContain('ORDER BY')
  })
})
