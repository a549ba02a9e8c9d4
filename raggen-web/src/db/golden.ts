import type { Database, Tx } from './database'

import { Conflict, NotFound } from '@/errors'

/** What must be found for a golden question. */
export type Expected = {
  messageId: string
  /** As it was when it was marked; null: no search had measured it. */
  relevance: number | null
}

/** A question for which its person said what must be found. */
export type Golden = {
  questionId: string
  chatId: string
  chatTitle: string
  /** Verbatim. */
  text: string
  markedAt: Date
  expected: Expected[]
}

export type GoldenStore = {
  /**
   * Marks a question, or an answer's question; marking it again replaces what is expected.
   * @throws NotFound message_not_found; Conflict not_remembered: memory does not hold what is expected
   *   from now on.
   */
  mark: (messageId: string, expected: string[], at: Date) => Promise<Golden>
  /** Twice is harmless. @throws NotFound message_not_found */
  unmark: (messageId: string) => Promise<void>
  /** Of a question, or of an answer's. @throws NotFound message_not_found */
  find: (messageId: string) => Promise<Golden | null>
  /** Of chats that are not being deleted, the latest marked first. */
  list: (limit: number) => Promise<Golden[]>
}

const SELECT = {
  questionId: true,
  markedAt: true,
  question: { select: { text: true, chatId: true, chat: { select: { title: true } } } },
  expected: { select: { messageId: true, relevance: true }, orderBy: { messageId: 'asc' } },
} as const

type Row = {
  questionId: string
  markedAt: Date
  question: { text: string; chatId: string; chat: { title: string } }
  expected: Expected[]
}

function golden({ questionId, markedAt, expected, question }: Row): Golden {
  const { text, chatId, chat } = question
  return { questionId, chatId, chatTitle: chat.title, text, markedAt, expected }
}

/** @throws NotFound */
async function questionOf(tx: Pick<Tx, 'message'>, id: string): Promise<string> {
  const message = await tx.message.findFirst({ where: { id, chat: { deletedAt: null } } })
  const questionId = message?.role === 'user' ? message.id : message?.replyToId
  if (!questionId) throw new NotFound('message_not_found', 'no such question')
  return questionId
}

/** How relevant each of these was for the question, as its latest answer that has it knows. */
async function relevances(tx: Tx, questionId: string, ids: string[]) {
  const items = await tx.contextItem.findMany({
    where: { answer: { replyToId: questionId }, sourceMessageId: { in: ids } },
    orderBy: { answer: { seq: 'asc' } },
    select: { sourceMessageId: true, relevance: true },
  })
  // What is only pinned was not searched for, and has the relevance 0.
  const measured = items.filter(({ relevance }) => relevance > 0)
  return new Map(measured.map(({ sourceMessageId, relevance }) => [sourceMessageId, relevance]))
}

async function mark(tx: Tx, messageId: string, expected: string[], at: Date): Promise<Golden> {
  const questionId = await questionOf(tx, messageId)
  const ids = [...new Set(expected)]
  const before = await tx.goldenItem.findMany({ where: { questionId } })
  // What is expected already may be of a chat that is not here, where both came from another raggen.
  const former = new Map(before.map(({ messageId: id, relevance }) => [id, relevance]))
  const added = ids.filter((id) => !former.has(id))
  const held = await tx.message.count({
    where: {
      id: { in: added, not: questionId },
      chat: { deletedAt: null },
      memory: { not: 'forgotten' },
    },
  })
  if (held < added.length) throw new Conflict('not_remembered', 'memory does not hold all of these')
  const known = new Map([...former, ...(await relevances(tx, questionId, ids))])
  await tx.goldenItem.deleteMany({ where: { questionId } })
  await tx.goldenQuestion.upsert({
    where: { questionId },
    create: { questionId, markedAt: at },
    update: { markedAt: at },
  })
  await tx.goldenItem.createMany({
    data: ids.map((id) => ({ questionId, messageId: id, relevance: known.get(id) ?? null })),
  })
  const row = await tx.goldenQuestion.findUniqueOrThrow({ where: { questionId }, select: SELECT })
  return golden(row)
}

/** A question of which nothing is expected any more says nothing. */
async function dropEmpty(tx: Tx): Promise<void> {
  await tx.goldenQuestion.deleteMany({ where: { expected: { none: {} } } })
}

/** What is forgotten is neither asked again nor expected. */
export async function forgetGolden(tx: Tx, messageId: string): Promise<void> {
  await tx.goldenQuestion.deleteMany({ where: { questionId: messageId } })
  const { count } = await tx.goldenItem.deleteMany({ where: { messageId } })
  if (count > 0) await dropEmpty(tx)
}

/** Before a chat is erased: nothing that was said in it is expected elsewhere. */
export async function dropGoldenOf(tx: Tx, chatId: string): Promise<void> {
  const count = await tx.$executeRaw`
    DELETE FROM "GoldenItem"
    WHERE "messageId" IN (SELECT "id" FROM "Message" WHERE "chatId" = ${chatId})`
  if (count > 0) await dropEmpty(tx)
}

export function createGolden({ read, write }: Database): GoldenStore {
  return {
    mark: (messageId, expected, at) => write((tx) => mark(tx, messageId, expected, at)),

    unmark: (messageId) =>
      write(async (tx) => {
        const questionId = await questionOf(tx, messageId)
        await tx.goldenQuestion.deleteMany({ where: { questionId } })
      }),

    async find(messageId) {
      const questionId = await questionOf(read, messageId)
      const row = await read.goldenQuestion.findUnique({ where: { questionId }, select: SELECT })
      return row && golden(row)
    },

    async list(limit) {
      const rows = await read.goldenQuestion.findMany({
        where: { question: { chat: { deletedAt: null } } },
        orderBy: [{ markedAt: 'desc' }, { questionId: 'asc' }],
        take: limit,
        select: SELECT,
      })
      return rows.map(golden)
    },
  }
}
