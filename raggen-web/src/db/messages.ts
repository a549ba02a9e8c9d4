import type { Database } from './database'
import type { PrismaClient } from './generated/client'
import { stored, type MessageRow, type StoredMessage } from './message-row'
import { receive, receivedBefore } from './reception'
import type { PlacedMessage, Received, ReceivedBefore, Reception } from './reception'
import { plant } from './tree'

import type { Origin } from '@/chat/message'

export type { StoredMessage } from './message-row'
export type { PlacedMessage, Received, ReceivedBefore, Reception, Trigger } from './reception'

/** Where a question stands or would stand: then it has no id. `parentId` null: it follows nothing. */
export type Place = { id?: string; chatId: string; parentId: string | null }

/** What stands before a question on its branch, and what of its chat stands on others. */
export type Before = {
  /** Oldest first; the last MAX_HISTORY. */
  history: StoredMessage[]
  /** How many stand before these. */
  older: number
  /** What memory may hold of this chat's other branches, the latest MAX_OFF_BRANCH. */
  offBranchIds: string[]
}

export type Messages = {
  /**
   * Stores the user's message with its outbox row, opens the answer's row and shows their branch: one
   * transaction, before any model is called. A repeated message id stores nothing twice.
   * @throws Gone chat_deleted; Conflict message_id_taken, answer_in_progress; NotFound message_not_found
   */
  receive: (reception: Reception) => Promise<Received>
  /** What `receive` would say of a message that came before; null: it is new. @throws Gone chat_deleted */
  receivedBefore: (
    asked: Pick<Reception, 'chatId' | 'messageId' | 'underWay'>,
  ) => Promise<ReceivedBefore | null>
  before: (question: Place) => Promise<Before>
  /** All of a chat, in the order in which they were written. */
  list: (chatId: string) => Promise<StoredMessage[]>
  /** From a chat's first message down to `leafId`. */
  branch: (chatId: string, leafId: string | null) => Promise<PlacedMessage[]>
  /** The end of the branch through this message that was written last; null: the chat has no such message. */
  latestLeaf: (chatId: string, messageId: string) => Promise<string | null>
  find: (id: string) => Promise<StoredMessage | null>
  /** Which of these ids are still stored, in chats that are not being deleted. */
  existing: (ids: string[]) => Promise<Set<string>>
  /** Keeps what has arrived of an answer. false: the answer is gone or no longer streaming. */
  keepPartial: (answerId: string, text: string, at: Date) => Promise<boolean>
  /** At boot: no answer can be streaming. Returns how many were. */
  interruptStale: (at: Date) => Promise<number>
}

/** More than the windows of most models hold; each is read from the database for each answer. */
const MAX_HISTORY = 1000
/** raggen-embed leaves out at most 10,000 ids, and others want to be left out too. */
const MAX_OFF_BRANCH = 8000
const NODE = { id: true, parentId: true, seq: true, indexable: true } as const

/** A whole chat. Prisma's own query takes three times as long, which shows from thousands of messages on. */
async function allOf(read: PrismaClient, chatId: string): Promise<StoredMessage[]> {
  const rows = await read.$queryRaw<MessageRow[]>`
    SELECT "id", "chatId", "seq", "role", "text", "status", "errorCode", "provider", "model",
           "indexable", "replyToId", "parentId", "memory", "rating", "createdAt"
    FROM "Message" WHERE "chatId" = ${chatId} ORDER BY "seq"`
  return rows.map(stored)
}

/** How many messages stand before this one on its branch; itself is counted. */
async function depthOf(read: PrismaClient, id: string): Promise<number> {
  const [counted] = await read.$queryRaw<{ depth: number | bigint }[]>`
    WITH RECURSIVE "above" ("parentId") AS (
      SELECT "parentId" FROM "Message" WHERE "id" = ${id}
      UNION ALL
      SELECT "Message"."parentId" FROM "Message" JOIN "above" ON "Message"."id" = "above"."parentId"
    )
    SELECT COUNT(*) AS "depth" FROM "above"`
  return Number(counted?.depth ?? 0)
}

/** What stands before this place on its branch, the nearest MAX_HISTORY, oldest first. */
async function historyOf(read: PrismaClient, { parentId }: Place) {
  if (parentId === null) return { history: [], older: 0 }
  const rows = await read.$queryRaw<MessageRow[]>`
    WITH RECURSIVE "above" ("id", "parentId", "depth") AS (
      SELECT "id", "parentId", 1 FROM "Message" WHERE "id" = ${parentId}
      UNION ALL
      SELECT "Message"."id", "Message"."parentId", "above"."depth" + 1
      FROM "Message" JOIN "above" ON "Message"."id" = "above"."parentId"
      WHERE "above"."depth" < ${MAX_HISTORY}
    )
    SELECT "Message"."id", "chatId", "seq", "role", "text", "status", "errorCode", "provider",
           "model", "indexable", "replyToId", "Message"."parentId", "memory", "createdAt"
    FROM "above" JOIN "Message" ON "Message"."id" = "above"."id" ORDER BY "above"."depth" DESC`
  const history = rows.map(stored)
  const [first] = history
  const older = first && history.length === MAX_HISTORY ? (await depthOf(read, first.id)) - 1 : 0
  return { history, older }
}

/**
 * Whether any message of the chat has a sibling: most chats are one branch. A question that is stored
 * is counted with its siblings; one that is not would be one of them.
 */
async function isBranched(read: PrismaClient, { id, chatId, parentId }: Place): Promise<boolean> {
  const coming = id === undefined ? 1 : 0
  const parents = await read.$queryRaw<object[]>`
    SELECT "parentId" FROM "Message" WHERE "chatId" = ${chatId} GROUP BY "parentId"
    HAVING COUNT(*) + CASE WHEN "parentId" IS NOT DISTINCT FROM ${parentId} THEN ${coming} ELSE 0 END > 1
    LIMIT 1`
  return parents.length > 0
}

export function createMessages({ read, write }: Database): Messages {
  const nodes = (chatId: string) =>
    read.message.findMany({ where: { chatId }, orderBy: { seq: 'asc' }, select: NODE })

  const list = (chatId: string) => allOf(read, chatId)

  async function offBranch(place: Place): Promise<string[]> {
    const { id: questionId, chatId, parentId } = place
    if (!(await isBranched(read, place))) return []
    const all = await nodes(chatId)
    const onBranch = new Set(plant(all).path(parentId))
    const off = all.filter(
      ({ id, indexable }) => indexable && id !== questionId && !onBranch.has(id),
    )
    return off.map(({ id }) => id).slice(-MAX_OFF_BRANCH)
  }

  /** Of a chat's answers, those whose context was not searched for. */
  async function origins(chatId: string): Promise<Map<string, Origin>> {
    const rows = await read.receipt.findMany({
      where: { answer: { chatId }, origin: { not: 'fresh' } },
      select: { answerId: true, origin: true },
    })
    return new Map(rows.map(({ answerId, origin }) => [answerId, origin as Origin]))
  }

  async function branch(chatId: string, leafId: string | null): Promise<PlacedMessage[]> {
    const [messages, unusual] = await Promise.all([list(chatId), origins(chatId)])
    const tree = plant(messages)
    const byId = new Map(messages.map((message) => [message.id, message]))
    // A chat that says no leaf, or one that is not there, shows what was said last.
    const leaf = leafId !== null && byId.has(leafId) ? leafId : (messages.at(-1)?.id ?? null)
    return tree.path(leaf).map((id) => {
      const message = byId.get(id)! // The path is made of these very messages.
      const origin = message.role === 'user' ? null : (unusual.get(id) ?? 'fresh')
      return { ...message, siblings: tree.siblings(id), origin }
    })
  }

  return {
    receive: (reception) => write((tx) => receive(tx, reception)),
    receivedBefore: (asked) => receivedBefore(read, asked),

    async before(place) {
      const [before, offBranchIds] = await Promise.all([historyOf(read, place), offBranch(place)])
      return { ...before, offBranchIds }
    },

    list,
    branch,

    async latestLeaf(chatId, messageId) {
      const all = await nodes(chatId)
      return all.some(({ id }) => id === messageId) ? plant(all).latestLeaf(messageId) : null
    },

    async find(id) {
      const row = await read.message.findUnique({ where: { id } })
      return row && stored(row)
    },

    async existing(ids) {
      const rows = await read.message.findMany({
        where: { id: { in: ids }, chat: { deletedAt: null } },
        select: { id: true },
      })
      return new Set(rows.map(({ id }) => id))
    },

    keepPartial: (answerId, text, at) =>
      write(async (tx) => {
        const { count } = await tx.message.updateMany({
          where: { id: answerId, status: 'streaming' },
          data: { text, updatedAt: at },
        })
        return count > 0
      }),

    interruptStale: (at) =>
      write(async (tx) => {
        const { count } = await tx.message.updateMany({
          where: { status: 'streaming' },
          data: { status: 'interrupted', errorCode: 'interrupted', updatedAt: at },
        })
        return count
      }),
  }
}
