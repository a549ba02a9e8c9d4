import { randomUUID } from 'node:crypto'

import SqliteDatabase from 'better-sqlite3'
import { describe, expect, it } from 'vitest'

import { tmpStore } from '../../test/tmp'

const COUNT = 10_000

/** Remembered messages of ten chats, some of them marked, written past the store: it would take minutes. */
function fill(path: string): void {
  const db = new SqliteDatabase(path)
  const chat = db.prepare(
    'INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt") VALUES (?, ?, ?, ?)',
  )
  const message = db.prepare(
    `INSERT INTO "Message" ("id", "chatId", "seq", "session", "role", "text", "status", "indexable",
       "memory", "createdAt", "updatedAt") VALUES (?, ?, ?, 1, 'user', ?, 'complete', 1, ?, ?, ?)`,
  )
  const embedding = db.prepare(
    `INSERT INTO "Embedding" ("messageId", "state", "version") VALUES (?, 'indexed', 1)`,
  )
  db.transaction(() => {
    for (let n = 0; n < 10; n += 1) chat.run(`chat-${n}`, 'Long', now(0), now(0))
    for (let n = 0; n < COUNT; n += 1) {
      const id = randomUUID()
      const memory = n % 100 === 0 ? 'forgotten' : n % 10 === 0 ? 'excluded' : 'remembered'
      // Several at the same moment: then the place in the chat decides, then the id.
      const at = now(Math.floor(n / 7))
      message.run(id, `chat-${n % 10}`, n + 1, `Sentence ${n}. `.repeat(30), memory, at, at)
      if (memory !== 'forgotten') embedding.run(id)
    }
  })()
  db.close()
}

/** As Prisma writes a moment: SQLite compares the letters. */
const now = (seconds: number) =>
  new Date(Date.UTC(2026, 4, 8, 0, 0, seconds)).toISOString().replace('Z', '+00:00')

describe('ten thousand messages', () => {
  it('are turned over to the last, each once, and every page is as quick as the first', async () => {
    const { memory, path } = tmpStore()
    fill(path)
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
  })
})
