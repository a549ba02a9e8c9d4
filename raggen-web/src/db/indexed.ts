import { createHash } from 'node:crypto'

import type { Database, Tx } from './database'
import { enqueueDeletes, enqueueUpsert } from './outbox'

/** What raggen-embed should hold of a message. */
export type Indexed = {
  id: string
  version: number
  /** SHA-256 of what memory holds, in hexadecimal. */
  sha256: string
}

export type IndexedStore = {
  /** Up to `limit` messages that memory holds, by id, from the first behind `after`. */
  page: (after: string, limit: number) => Promise<Indexed[]>
  /** Those of these ids that memory holds. */
  of: (ids: string[]) => Promise<Indexed[]>
  /** Ids that raggen-embed has still to be told of. */
  waiting: () => Promise<Set<string>>
  /** Messages that raggen-embed refused for good. */
  refused: () => Promise<number>
  /** Asks for these messages to be indexed anew, with a version above `above` and above their own. */
  again: (items: { id: string; above: number }[], at: Date) => Promise<void>
  /** Asks raggen-embed to forget items that no message here stands behind. */
  forget: (items: { id: string; version: number }[], at: Date) => Promise<void>
}

/** A deletion that a restored backup does not know of has the version one above the message's. */
const OVER_A_DELETION = 2
/** SQLite takes far more values in a query, PostgreSQL too. */
const CHUNK = 500

type Row = { id: string; version: number; text: string; memoryText: string | null }

/** Memory holds what people said and what models answered whole; never quotations, nor what was forgotten. */
const REMEMBERED = {
  indexable: true,
  memory: { not: 'forgotten' },
  status: { in: ['complete', 'stopped'] },
  text: { not: '' },
  // What raggen-embed refused for good is counted apart.
  OR: [{ embedding: null }, { embedding: { state: { not: 'failed' } } }],
}
const SELECT = { id: true, version: true, text: true, memoryText: true } as const

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

function indexed({ id, version, text, memoryText }: Row): Indexed[] {
  const held = memoryText ?? text
  if (held.trim() === '') return []
  return [{ id, version, sha256: sha256(held) }]
}

function chunks<T>(all: T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, n) =>
    all.slice(n * CHUNK, (n + 1) * CHUNK),
  )
}

async function indexAgain(tx: Tx, items: { id: string; above: number }[], at: Date) {
  const above = new Map(items.map((item) => [item.id, item.above]))
  const rows = await tx.message.findMany({
    where: { ...REMEMBERED, id: { in: [...above.keys()] } },
    select: { id: true, version: true },
  })
  for (const { id, version } of rows) {
    const raised = Math.max(version, above.get(id) ?? 0) + OVER_A_DELETION
    await tx.message.update({ where: { id }, data: { version: raised } })
    await enqueueUpsert(tx, { id, version: raised }, at)
  }
}

export function createIndexed({ read, write }: Database): IndexedStore {
  return {
    async page(after, limit) {
      const rows = await read.message.findMany({
        where: { ...REMEMBERED, id: { gt: after } },
        orderBy: { id: 'asc' },
        take: limit,
        select: SELECT,
      })
      return rows.flatMap(indexed)
    },

    async of(ids) {
      const found: Indexed[] = []
      for (const some of chunks(ids)) {
        const rows = await read.message.findMany({
          where: { ...REMEMBERED, id: { in: some } },
          select: SELECT,
        })
        found.push(...rows.flatMap(indexed))
      }
      return found
    },

    async waiting() {
      const rows = await read.outbox.findMany({ select: { itemId: true } })
      return new Set(rows.map(({ itemId }) => itemId))
    },

    refused: () => read.embedding.count({ where: { state: 'failed' } }),

    async again(items, at) {
      for (const some of chunks(items)) await write((tx) => indexAgain(tx, some, at))
    },

    async forget(items, at) {
      for (const some of chunks(items)) await write((tx) => enqueueDeletes(tx, some, at))
    },
  }
}
