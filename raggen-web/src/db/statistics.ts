import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'

import type { Database } from './database'
import type { Location } from './location'

export type EmbeddingState = 'pending' | 'indexed' | 'failed'

export type Totals = {
  /** Those that are shown. */
  chats: number
  messages: number
  items: Record<EmbeddingState, number>
  /** Of the database on the disk. */
  bytes: number
  /** On the disk of raggen-web's data; null where the system does not say. */
  diskFreeBytes: number | null
}

/** The last answer that somebody asked for, and how it ended. */
export type LastAnswer = {
  provider: string
  model: string | null
  status: string
  errorCode: string | null
  at: Date
}

export type Statistics = {
  totals: () => Promise<Totals>
  lastAnswer: () => Promise<LastAnswer | null>
}

/** 0 where there is none: SQLite's log beside the database comes and goes. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

async function bytesOf({ read }: Database, location: Location): Promise<number> {
  if (location.kind === 'sqlite') {
    return (await sizeOf(location.path)) + (await sizeOf(`${location.path}-wal`))
  }
  const rows = await read.$queryRaw<{ bytes: bigint }[]>`
    SELECT pg_database_size(current_database()) AS bytes`
  return Number(rows[0]?.bytes ?? 0)
}

async function freeBytes(folder: string): Promise<number | null> {
  return statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  )
}

/** Counts what is stored. Milliseconds for a hundred thousand messages. */
export function createStatistics(
  database: Database,
  location: Location,
  secretFile: string,
): Statistics {
  const { read } = database
  const folder = dirname(location.kind === 'sqlite' ? location.path : secretFile)
  return {
    async totals() {
      const [chats, messages, states, bytes, diskFreeBytes] = await Promise.all([
        read.chat.count({ where: { deletedAt: null } }),
        read.message.count(),
        read.embedding.groupBy({ by: ['state'], _count: true }),
        bytesOf(database, location),
        freeBytes(folder),
      ])
      const items = { pending: 0, indexed: 0, failed: 0 }
      for (const { state, _count } of states) items[state as EmbeddingState] = _count
      return { chats, messages, items, bytes, diskFreeBytes }
    },

    async lastAnswer() {
      const row = await read.message.findFirst({
        where: { role: 'assistant', status: { not: 'streaming' }, receipt: { isNot: null } },
        orderBy: { createdAt: 'desc' },
        select: {
          status: true,
          errorCode: true,
          createdAt: true,
          receipt: { select: { provider: true, model: true } },
        },
      })
      if (!row?.receipt) return null
      const { status, errorCode, createdAt: at, receipt } = row
      return { provider: receipt.provider, model: receipt.model, at, status, errorCode }
    },
  }
}
