import type {
  ArchivedChat,
  ArchivedChatHead,
  ArchivedMessage,
  ArchivedReceipt,
  Json,
} from './archived'
import type { Database, Tx } from './database'
import { Prisma } from './generated/client'
import { enqueueNew } from './outbox'

/**
 * `unchanged`: all of it is here already. `differs`: a chat with this id is here, and says something
 * else. `id_taken`: a message of it is part of another chat.
 */
export type Brought = 'imported' | 'unchanged' | 'differs' | 'id_taken'

export type Transfer = {
  /** Every chat that is not deleted, the oldest first. */
  chatIds: () => Promise<string[]>
  /** null: no such chat, or it is deleted. */
  head: (chatId: string) => Promise<ArchivedChatHead | null>
  /** The messages of a chat, in order, a page at a time: a long chat need not be held whole. */
  messages: (chatId: string) => AsyncGenerator<ArchivedMessage[]>
  /**
   * Stores a chat and asks raggen-embed to remember it: all of it or nothing, in one transaction. What
   * was deleted is brought back, because somebody asked for it; what was forgotten is not.
   */
  bring: (chat: ArchivedChat, at: Date) => Promise<Brought>
}

const PAGE = 200
/** Ten thousand messages take seconds, on a busy machine many. */
const BRING_MS = 180_000
/** Rows of a statement, ids of a query. */
const BATCH = 200
/** A version above all that were ever given before: items come back after they were deleted. */
const VERSIONS_SINCE = Date.UTC(2026, 0, 1)

/** Seconds since 2026: of items that come back, each time a higher one (erasing takes longer). */
function nextVersion(at: Date): number {
  return Math.max(1, Math.floor((at.getTime() - VERSIONS_SINCE) / 1000))
}

function* batches<T>(all: T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += BATCH) yield all.slice(from, from + BATCH)
}

const json = (value: Json) => (value === null ? Prisma.DbNull : value)

const HEAD = {
  id: true,
  title: true,
  titledBy: true,
  createdAt: true,
  updatedAt: true,
  pinnedAt: true,
  excludedAt: true,
  leafId: true,
  settings: true,
} as const

/** What belongs to a message, in an order that is the same each time. */
const INCLUDE = {
  context: { orderBy: { rank: 'asc' } },
  receipt: true,
  golden: { include: { expected: { orderBy: { messageId: 'asc' } } } },
} as const

type MessageRow = Prisma.MessageGetPayload<{ include: typeof INCLUDE }>

function archived(row: MessageRow): ArchivedMessage {
  const { chatId: _chat, version: _version, context, receipt, golden, ...message } = row
  return {
    ...message,
    // Whoever reads the file cannot wait for the rest.
    ...(row.status === 'streaming' && { status: 'interrupted', errorCode: 'interrupted' }),
    context: context.map(({ answerId: _answer, ...item }) => ({
      ...item,
      reasons: item.reasons as Json,
      highlights: item.highlights as Json,
    })),
    receipt: receipt && archivedReceipt(receipt),
    golden: golden && {
      markedAt: golden.markedAt,
      expected: golden.expected.map(({ questionId: _question, ...item }) => item),
    },
  }
}

function archivedReceipt(row: NonNullable<MessageRow['receipt']>): ArchivedReceipt {
  const { answerId: _answer, ...receipt } = row
  return {
    ...receipt,
    parameters: receipt.parameters as Json,
    messages: receipt.messages as Json,
    parts: receipt.parts as Json,
    leftOut: receipt.leftOut as Json,
  }
}

/** Whether all that the file says of a chat stands here; the chat may have gone on since. */
async function sameHere(tx: Tx, chat: ArchivedChat): Promise<boolean> {
  const rows = await tx.message.findMany({
    where: { chatId: chat.id },
    select: { id: true, parentId: true, role: true, text: true },
  })
  const here = new Map(rows.map((row) => [row.id, row]))
  return chat.messages.every(({ id, parentId, role, text }) => {
    const row = here.get(id)
    return row?.role === role && row.text === text && row.parentId === parentId
  })
}

async function anyTaken(tx: Tx, ids: string[]): Promise<boolean> {
  for (const batch of batches(ids)) {
    if (await tx.message.findFirst({ where: { id: { in: batch } }, select: { id: true } }))
      return true
  }
  return false
}

async function storeMessages(tx: Tx, chat: ArchivedChat, version: number): Promise<void> {
  for (const batch of batches(chat.messages)) {
    await tx.message.createMany({
      data: batch.map(({ context: _context, receipt: _receipt, golden: _golden, ...message }) => {
        return { ...message, chatId: chat.id, version }
      }),
    })
    const receipts = batch.flatMap(({ id, receipt }) =>
      receipt === null ? [] : { ...receiptData(receipt), answerId: id },
    )
    if (receipts.length > 0) await tx.receipt.createMany({ data: receipts })
  }
  const items = chat.messages.flatMap(({ id, context }) =>
    context.map((item) => {
      return {
        ...item,
        answerId: id,
        reasons: item.reasons ?? [],
        highlights: item.highlights ?? [],
      }
    }),
  )
  for (const batch of batches(items)) await tx.contextItem.createMany({ data: batch })
  await storeGolden(tx, chat)
}

async function storeGolden(tx: Tx, chat: ArchivedChat): Promise<void> {
  for (const { id: questionId, golden } of chat.messages) {
    if (!golden) continue
    const { markedAt, expected } = golden
    await tx.goldenQuestion.create({ data: { questionId, markedAt } })
    await tx.goldenItem.createMany({ data: expected.map((item) => ({ ...item, questionId })) })
  }
}

function receiptData({ parameters, messages, parts, leftOut, ...receipt }: ArchivedReceipt) {
  return {
    ...receipt,
    parameters: parameters ?? {},
    messages: messages ?? [],
    parts: json(parts),
    leftOut: json(leftOut),
  }
}

/** What memory is told of a chat that comes back: what it would have been told then. */
function memorable({
  role,
  status,
  text,
  memoryText,
  memory,
  indexable,
}: ArchivedMessage): boolean {
  const said = role === 'user' || status === 'complete' || status === 'stopped'
  return indexable && said && memory !== 'forgotten' && (memoryText ?? text).trim() !== ''
}

async function bring(tx: Tx, chat: ArchivedChat, at: Date): Promise<Brought> {
  const { messages, settings, ...head } = chat
  const here = await tx.chat.findUnique({ where: { id: chat.id } })
  if (here) {
    if (!(await sameHere(tx, chat))) return 'differs'
    if (here.deletedAt === null) return 'unchanged'
    await tx.chat.update({ where: { id: chat.id }, data: { deletedAt: null } })
    return 'imported'
  }
  const ids = messages.map(({ id }) => id)
  if (await anyTaken(tx, ids)) return 'id_taken'
  await tx.tombstone.deleteMany({ where: { chatId: chat.id } })
  await tx.chat.create({ data: { ...head, settings: json(settings) } })
  const version = nextVersion(at)
  await storeMessages(tx, chat, version)
  const remembered = messages.filter(memorable).map(({ id }) => ({ id, version }))
  for (const batch of batches(remembered)) await enqueueNew(tx, batch, at)
  return 'imported'
}

export function createTransfer({ read, write }: Database): Transfer {
  return {
    async chatIds() {
      const rows = await read.chat.findMany({
        where: { deletedAt: null },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        select: { id: true },
      })
      return rows.map(({ id }) => id)
    },

    async head(chatId) {
      const row = await read.chat.findFirst({
        where: { id: chatId, deletedAt: null },
        select: HEAD,
      })
      return row && { ...row, settings: row.settings as Json }
    },

    async *messages(chatId) {
      let after = 0
      for (;;) {
        const rows = await read.message.findMany({
          where: { chatId, seq: { gt: after } },
          orderBy: { seq: 'asc' },
          take: PAGE,
          include: INCLUDE,
        })
        if (rows.length > 0) yield rows.map(archived)
        if (rows.length < PAGE) return
        after = rows.at(-1)?.seq ?? after
      }
    },

    bring: (chat, at) => write((tx) => bring(tx, chat, at), BRING_MS),
  }
}
