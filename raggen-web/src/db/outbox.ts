import type { Database, Tx } from './database'

export type OutboxOp = 'upsert' | 'delete'
export type OutboxRow = {
  id: number
  itemId: string
  op: OutboxOp
  version: number
  attempts: number
}
/** What an upsert needs of its message. */
export type IndexableMessage = {
  id: string
  chatId: string
  seq: number
  session: number
  role: string
  text: string
  memoryText: string | null
  version: number
  createdAt: Date
}

export type Outbox = {
  /** The oldest rows that may be tried now, in the order in which they must be sent. */
  due: (limit: number, now: Date) => Promise<OutboxRow[]>
  /** The messages behind upserts; those deleted or forgotten meanwhile are absent. */
  messages: (ids: string[]) => Promise<IndexableMessage[]>
  /** raggen-embed took these rows; `model` made the vectors. */
  taken: (rows: OutboxRow[], model: string | null, at: Date) => Promise<void>
  /** raggen-embed will never take this row. */
  refused: (row: OutboxRow, error: string) => Promise<void>
  postponed: (rows: OutboxRow[], error: string, nextAttemptAt: Date) => Promise<void>
  /** Makes every row due: raggen-embed is known to be back. */
  hurry: (now: Date) => Promise<void>
  pending: (now: Date) => Promise<{ pending: number; oldestSeconds: number }>
}

/** Nobody postpones a row for so long: one that waits longer was written before the clock was set back. */
const LONGEST_WAIT_MS = 60_000

/** Asks for `itemId` to be indexed; inside the transaction that wrote its text. */
export async function enqueueUpsert(
  tx: Tx,
  item: { id: string; version: number },
  at: Date,
): Promise<void> {
  const state = { state: 'pending', version: item.version, indexedAt: null, error: null }
  await tx.embedding.upsert({
    where: { messageId: item.id },
    create: { messageId: item.id, ...state },
    update: state,
  })
  await tx.outbox.create({
    data: {
      itemId: item.id,
      op: 'upsert',
      version: item.version,
      nextAttemptAt: at,
      createdAt: at,
    },
  })
}

/** Asks for items to be indexed that were just stored and never known before. */
export async function enqueueNew(
  tx: Tx,
  items: { id: string; version: number }[],
  at: Date,
): Promise<void> {
  await tx.embedding.createMany({
    data: items.map(({ id, version }) => ({ messageId: id, state: 'pending', version })),
  })
  await tx.outbox.createMany({
    data: items.map(({ id, version }) => ({
      itemId: id,
      op: 'upsert',
      version,
      nextAttemptAt: at,
      createdAt: at,
    })),
  })
}

/** Asks for items to be forgotten, with a version above all they ever had, so no late upsert revives them. */
export async function enqueueDeletes(
  tx: Tx,
  items: { id: string; version: number }[],
  at: Date,
): Promise<void> {
  const ids = items.map(({ id }) => id)
  await tx.outbox.deleteMany({ where: { itemId: { in: ids }, op: 'upsert' } })
  await tx.outbox.createMany({
    data: items.map(({ id, version }) => ({
      itemId: id,
      op: 'delete',
      version: version + 1,
      nextAttemptAt: at,
      createdAt: at,
    })),
  })
}

export function createOutbox({ read, write, writeUnsynced }: Database): Outbox {
  return {
    async due(limit, now) {
      const rows = await read.outbox.findMany({
        where: {
          OR: [
            { nextAttemptAt: { lte: now } },
            { nextAttemptAt: { gt: new Date(now.getTime() + LONGEST_WAIT_MS) } },
          ],
        },
        orderBy: { id: 'asc' },
        take: limit,
      })
      return rows.map(({ id, itemId, op, version, attempts }) => ({
        id,
        itemId,
        op: op === 'delete' ? 'delete' : 'upsert',
        version,
        attempts,
      }))
    },

    messages: (ids) =>
      read.message.findMany({
        where: { id: { in: ids }, memory: { not: 'forgotten' } },
        select: {
          id: true,
          chatId: true,
          seq: true,
          session: true,
          role: true,
          text: true,
          memoryText: true,
          version: true,
          createdAt: true,
        },
      }),

    taken: (rows, model, at) =>
      // Taken back by a power cut, they are sent again, which changes nothing.
      writeUnsynced(async (tx) => {
        await tx.outbox.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })
        // What was written since then is a later version, and waits in a row of its own.
        for (const [version, same] of Map.groupBy(rows, (row) => row.version)) {
          await tx.embedding.updateMany({
            where: { messageId: { in: same.map(({ itemId }) => itemId) }, version },
            data: { state: 'indexed', model, indexedAt: at, error: null },
          })
        }
      }),

    refused: (row, error) =>
      write(async (tx) => {
        await tx.outbox.deleteMany({ where: { id: row.id } })
        await tx.embedding.updateMany({
          where: { messageId: row.itemId, version: row.version },
          data: { state: 'failed', error },
        })
      }),

    postponed: (rows, error, nextAttemptAt) =>
      write(async (tx) => {
        await tx.outbox.updateMany({
          where: { id: { in: rows.map(({ id }) => id) } },
          data: { attempts: { increment: 1 }, lastError: error, nextAttemptAt },
        })
      }),

    hurry: (now) =>
      write(async (tx) => {
        await tx.outbox.updateMany({
          where: { nextAttemptAt: { gt: now } },
          data: { nextAttemptAt: now },
        })
      }),

    async pending(now) {
      const { _count: pending, _min: oldest } = await read.outbox.aggregate({
        _count: true,
        _min: { createdAt: true },
      })
      const age = oldest.createdAt ? now.getTime() - oldest.createdAt.getTime() : 0
      return { pending, oldestSeconds: Math.max(0, Math.floor(age / 1000)) }
    },
  }
}
