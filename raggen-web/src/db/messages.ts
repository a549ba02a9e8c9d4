import { chat, type Chat } from './chats'
import type { Database, Tx } from './database'
import { enqueueDeletes, enqueueUpsert } from './outbox'

import type { AnswerStatus } from '@/chat/message'
import { Conflict, NotFound } from '@/errors'

export type StoredMessage = {
  id: string
  chatId: string
  seq: number
  role: 'user' | 'assistant'
  text: string
  status: AnswerStatus
  errorCode: string | null
  provider: string | null
  model: string | null
  indexable: boolean
  replyToId: string | null
  /** The message before this one on its branch; null: a first message. */
  parentId: string | null
  createdAt: Date
}

export type Reception = {
  chatId: string
  /** For a chat that does not exist yet. */
  title: string
  messageId: string
  text: string
  /** Answer again: what answered this message before is deleted. */
  retry: boolean
  answer: { id: string; provider: string; model: string | null; indexable: boolean }
  at: Date
}

export type Received =
  /** Stored; `answer` is a new, empty, streaming row. `history` is what was said before, oldest first. */
  | {
      kind: 'accepted'
      chat: Chat
      question: StoredMessage
      answer: StoredMessage
      history: StoredMessage[]
    }
  /** This message was stored and answered before. */
  | { kind: 'answered'; answer: StoredMessage }

export type Messages = {
  /**
   * Stores the user's message with its outbox row and opens the answer's row: one transaction, before
   * any model is called. A repeated message id stores nothing twice.
   * @throws Conflict message_id_taken, answer_in_progress, not_last_message; NotFound message_not_found
   */
  receive: (reception: Reception) => Promise<Received>
  /** Of a chat, in order. */
  list: (chatId: string) => Promise<StoredMessage[]>
  find: (id: string) => Promise<StoredMessage | null>
  /** Which of these ids are still stored. */
  existing: (ids: string[]) => Promise<Set<string>>
  /** Keeps what has arrived of an answer. false: the answer is gone or no longer streaming. */
  keepPartial: (answerId: string, text: string, at: Date) => Promise<boolean>
  /** At boot: no answer can be streaming. Returns how many were. */
  interruptStale: (at: Date) => Promise<number>
}

const SESSION_GAP_MS = 30 * 60 * 1000
const MAX_HISTORY = 200
/** Far above any provider's allowed silence: such a row lost its writer (its final write failed). */
const STALE_AFTER_MS = 5 * 60 * 1000

type Row = Omit<StoredMessage, 'role' | 'status'> & { role: string; status: string }

function stored(row: Row): StoredMessage {
  const { id, chatId, seq, text, errorCode, provider, model, indexable } = row
  const { replyToId, parentId, createdAt } = row
  return {
    id,
    chatId,
    seq,
    role: row.role === 'assistant' ? 'assistant' : 'user',
    text,
    status: row.status as AnswerStatus,
    errorCode,
    provider,
    model,
    indexable,
    replyToId,
    parentId,
    createdAt,
  }
}

/** One answer at a time in a chat: two would interleave, and neither would know the other. */
async function refuseWhileAnswering(tx: Tx, chatId: string, at: Date): Promise<void> {
  const streaming = await tx.message.findFirst({ where: { chatId, status: 'streaming' } })
  if (!streaming) return
  if (at.getTime() - streaming.updatedAt.getTime() < STALE_AFTER_MS) {
    throw new Conflict('answer_in_progress', 'this chat is being answered')
  }
  await tx.message.update({ where: { id: streaming.id }, data: { status: 'interrupted' } })
}

async function placeOf(tx: Tx, chatId: string, at: Date) {
  const last = await tx.message.findFirst({ where: { chatId }, orderBy: { seq: 'desc' } })
  if (!last) return { seq: 1, session: 1 }
  const paused = at.getTime() - last.createdAt.getTime() > SESSION_GAP_MS
  return { seq: last.seq + 1, session: paused ? last.session + 1 : last.session }
}

async function storeQuestion(tx: Tx, { messageId, chatId, text, at }: Reception) {
  const question = await tx.message.create({
    data: {
      id: messageId,
      chatId,
      ...(await placeOf(tx, chatId, at)),
      role: 'user',
      text,
      status: 'complete',
      indexable: true,
      createdAt: at,
      updatedAt: at,
    },
  })
  await enqueueUpsert(tx, question, at)
  return question
}

async function openAnswer(tx: Tx, questionId: string, { answer, chatId, at }: Reception) {
  return tx.message.create({
    data: {
      id: answer.id,
      chatId,
      ...(await placeOf(tx, chatId, at)),
      role: 'assistant',
      text: '',
      status: 'streaming',
      provider: answer.provider,
      model: answer.model,
      indexable: answer.indexable,
      replyToId: questionId,
      createdAt: at,
      updatedAt: at,
    },
  })
}

/** Deletes what answered `question` before, so that it can be answered again. */
async function dropAnswers(tx: Tx, question: Row, at: Date): Promise<void> {
  const later = await tx.message.findMany({
    where: { chatId: question.chatId, seq: { gt: question.seq } },
    include: { embedding: true },
  })
  if (later.some(({ replyToId }) => replyToId !== question.id)) {
    throw new Conflict('not_last_message', 'the conversation went on after this message')
  }
  await enqueueDeletes(
    tx,
    later.filter(({ embedding }) => embedding !== null),
    at,
  )
  await tx.message.deleteMany({ where: { id: { in: later.map(({ id }) => id) } } })
}

async function receive(tx: Tx, reception: Reception): Promise<Received> {
  const { chatId, title, messageId, retry, at } = reception
  const known = await tx.message.findUnique({ where: { id: messageId } })
  if (known && (known.chatId !== chatId || known.role !== 'user')) {
    throw new Conflict('message_id_taken', 'another message has this id')
  }
  if (!known && retry) throw new NotFound('message_not_found', 'no message to answer again')
  await tx.chat.upsert({
    where: { id: chatId },
    create: { id: chatId, title, createdAt: at, updatedAt: at },
    update: { updatedAt: at },
  })
  await refuseWhileAnswering(tx, chatId, at)
  if (known && !retry) {
    const answer = await tx.message.findFirst({ where: { replyToId: known.id } })
    if (answer) return { kind: 'answered', answer: stored(answer) }
  }
  if (known) await dropAnswers(tx, known, at)
  const question = known ?? (await storeQuestion(tx, reception))
  const answer = await openAnswer(tx, question.id, reception)
  const history = await tx.message.findMany({
    where: { chatId, seq: { lt: question.seq } },
    orderBy: { seq: 'desc' },
    take: MAX_HISTORY,
  })
  return {
    kind: 'accepted',
    chat: chat(await tx.chat.findUniqueOrThrow({ where: { id: chatId } })),
    question: stored(question),
    answer: stored(answer),
    history: history.reverse().map(stored),
  }
}

export function createMessages({ read, write }: Database): Messages {
  return {
    receive: (reception) => write((tx) => receive(tx, reception)),

    async list(chatId) {
      return (await read.message.findMany({ where: { chatId }, orderBy: { seq: 'asc' } })).map(
        stored,
      )
    },

    async find(id) {
      const row = await read.message.findUnique({ where: { id } })
      return row && stored(row)
    },

    async existing(ids) {
      const rows = await read.message.findMany({
        where: { id: { in: ids } },
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
