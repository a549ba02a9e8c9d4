import { chat as chatOf, type Chat } from './chats'
import type { Tx } from './database'
import { stored, type MessageRow, type StoredMessage } from './message-row'
import { enqueueDeletes, enqueueUpsert } from './outbox'

import type { Origin, Siblings } from '@/chat/message'
import type { ChatSettings } from '@/chat/settings'
import { Conflict, Gone, NotFound } from '@/errors'

/** `submit`: a new question. `retry`: instead of an answer that failed. `regenerate`: beside it. */
export type Trigger = 'submit' | 'retry' | 'regenerate'

export type Reception = {
  chatId: string
  /** For a chat that does not exist yet. */
  title: string
  settings?: ChatSettings
  messageId: string
  text: string
  trigger: Trigger
  /** What a new question follows; null: nothing; undefined: the end of the branch that is shown. */
  parentId?: string | null
  /** How the new answer will come by its context. */
  origin?: Origin
  /** For `same-context`: an answer of this chat. */
  contextOf?: string
  answer: { id: string; provider: string; model: string | null; indexable: boolean }
  /** The answer in this chat that this process is writing. Any other that says so lost its writer. */
  underWay?: string | null
  at: Date
}

/** `origin`: how an answer came by its context; null: it is a question. */
export type PlacedMessage = StoredMessage & { siblings: Siblings; origin: Origin | null }

export type Received =
  /** Stored, and the end of the branch that is shown; `answer` is a new, empty, streaming row. */
  | { kind: 'accepted'; chat: Chat; question: StoredMessage; answer: PlacedMessage }
  /** This message was stored before: answered, or being answered now. */
  | { kind: 'answered'; answer: PlacedMessage }
  | { kind: 'under-way'; answer: PlacedMessage }

export type ReceivedBefore = Exclude<Received, { kind: 'accepted' }>

const SESSION_GAP_MS = 30 * 60 * 1000

/** The chat, null when it is new. A chat that its person deleted takes nothing, whichever tab asks. */
async function findChat(tx: Tx, chatId: string): Promise<Chat | null> {
  const row = await tx.chat.findUnique({ where: { id: chatId } })
  const gone = row ? row.deletedAt : await tx.tombstone.findUnique({ where: { chatId } })
  if (gone) throw new Gone('chat_deleted', 'this chat was deleted')
  return row && chatOf(row)
}

async function placed(tx: Tx, message: MessageRow, origin: Origin): Promise<PlacedMessage> {
  const { id, chatId, parentId } = message
  // Sorted here: asked for in order, SQLite walks through the whole chat.
  const siblings = await tx.message.findMany({
    where: { chatId, parentId },
    select: { id: true, seq: true },
  })
  const ids = siblings.sort((a, b) => a.seq - b.seq).map((sibling) => sibling.id)
  return { ...stored(message), origin, siblings: { ids, index: ids.indexOf(id) } }
}

/** The answer that is being written. One that nobody writes any more is interrupted: its last write failed. */
async function answerUnderWay(tx: Tx, { chatId, underWay, at }: Reception): Promise<string | null> {
  // By status alone, of which there are few: with the chat, SQLite walks through all of it.
  const all = await tx.message.findMany({
    where: { status: 'streaming' },
    select: { id: true, chatId: true },
  })
  const streaming = all.find((message) => message.chatId === chatId)
  if (!streaming || streaming.id === underWay) return streaming?.id ?? null
  await tx.message.update({
    where: { id: streaming.id },
    data: { status: 'interrupted', errorCode: 'interrupted', updatedAt: at },
  })
  return null
}

/** What this message got when it came before; null: nothing. */
async function answeredBefore(
  tx: Tx,
  question: MessageRow,
  underWay: string | null,
): Promise<ReceivedBefore | null> {
  const answer = await tx.message.findFirst({
    where: { replyToId: question.id },
    orderBy: { seq: 'desc' },
    include: { receipt: { select: { origin: true } } },
  })
  if (!answer) return null
  const kind = answer.id === underWay ? ('under-way' as const) : ('answered' as const)
  return { kind, answer: await placed(tx, answer, (answer.receipt?.origin ?? 'fresh') as Origin) }
}

type Asked = Pick<Reception, 'chatId' | 'messageId' | 'underWay'>

/**
 * What this message got when it came before, where it is known in this chat; null: nothing.
 *
 * @throws Gone
 */
export async function receivedBefore(tx: Tx, asked: Asked): Promise<ReceivedBefore | null> {
  const { chatId, messageId, underWay = null } = asked
  await findChat(tx, chatId)
  const known = await tx.message.findUnique({ where: { id: messageId } })
  return known?.chatId === chatId ? answeredBefore(tx, known, underWay) : null
}

/** Deletes the answers that ended before their first word and that nothing follows. */
async function dropEmptyAnswers(tx: Tx, question: MessageRow, at: Date): Promise<void> {
  const answers = await tx.message.findMany({
    where: {
      replyToId: question.id,
      text: '',
      status: { in: ['failed', 'interrupted', 'stopped'] },
    },
    include: { embedding: true },
  })
  const followed = await tx.message.findMany({
    where: { parentId: { in: answers.map(({ id }) => id) } },
    select: { parentId: true },
  })
  const kept = new Set(followed.map(({ parentId }) => parentId))
  const dropped = answers.filter(({ id }) => !kept.has(id))
  await enqueueDeletes(
    tx,
    dropped.filter(({ embedding }) => embedding !== null),
    at,
  )
  await tx.message.deleteMany({ where: { id: { in: dropped.map(({ id }) => id) } } })
}

async function placeOf(tx: Tx, chatId: string, at: Date) {
  const last = await tx.message.findFirst({ where: { chatId }, orderBy: { seq: 'desc' } })
  if (!last) return { seq: 1, session: 1, lastId: null }
  const paused = at.getTime() - last.createdAt.getTime() > SESSION_GAP_MS
  return {
    seq: last.seq + 1,
    session: paused ? last.session + 1 : last.session,
    lastId: last.id,
  }
}

type Place = { seq: number; session: number }

async function parentOf(tx: Tx, reception: Reception, chat: Chat | null, lastId: string | null) {
  const { chatId, parentId } = reception
  if (parentId === null || (parentId === undefined && !chat)) return null
  if (parentId === undefined) return chat?.leafId ?? lastId
  const parent = await tx.message.findUnique({ where: { id: parentId } })
  if (parent?.chatId !== chatId) throw new NotFound('message_not_found', 'no such parent')
  return parentId
}

async function storeQuestion(
  tx: Tx,
  { messageId, chatId, text, at }: Reception,
  parentId: string | null,
  { seq, session }: Place,
): Promise<MessageRow> {
  const place = { chatId, parentId, seq, session, createdAt: at, updatedAt: at }
  const question = await tx.message.create({
    data: { ...place, id: messageId, role: 'user', text, status: 'complete', indexable: true },
  })
  await enqueueUpsert(tx, question, at)
  return question
}

async function openAnswer(
  tx: Tx,
  { answer, chatId, at }: Reception,
  questionId: string,
  { seq, session }: Place,
): Promise<MessageRow> {
  const place = { chatId, parentId: questionId, seq, session, createdAt: at, updatedAt: at }
  return tx.message.create({
    data: {
      ...place,
      ...answer,
      role: 'assistant',
      text: '',
      status: 'streaming',
      replyToId: questionId,
    },
  })
}

/** The row of a chat whose branch now ends in the new answer; made where it is new. */
async function keepChat(tx: Tx, reception: Reception, chat: Chat | null): Promise<Chat> {
  const { chatId: id, title, settings, answer, at } = reception
  const latest = { updatedAt: at, leafId: answer.id }
  if (chat) return chatOf(await tx.chat.update({ where: { id }, data: latest }))
  return chatOf(await tx.chat.create({ data: { ...latest, id, title, settings, createdAt: at } }))
}

async function checkContextOf(tx: Tx, { chatId, contextOf }: Reception): Promise<void> {
  if (contextOf === undefined) return
  const answer = await tx.message.findUnique({ where: { id: contextOf } })
  if (answer?.chatId !== chatId || answer.role !== 'assistant') {
    throw new NotFound('message_not_found', 'no such answer to take the context of')
  }
}

/**
 * Stores the question and opens its answer, see Messages.receive.
 *
 * @throws Gone, Conflict, NotFound.
 */
export async function receive(tx: Tx, reception: Reception): Promise<Received> {
  const { chatId, messageId, trigger, at } = reception
  const chat = await findChat(tx, chatId)
  const known = await tx.message.findUnique({ where: { id: messageId } })
  if (known && (known.chatId !== chatId || known.role !== 'user')) {
    throw new Conflict('message_id_taken', 'another message has this id')
  }
  if (!known && trigger !== 'submit') {
    throw new NotFound('message_not_found', 'no message to answer again')
  }
  const underWay = await answerUnderWay(tx, reception)
  if (known && trigger === 'submit') {
    const before = await answeredBefore(tx, known, underWay)
    if (before) return before
  }
  await checkContextOf(tx, reception)
  // Two at a time would interleave, and neither would know the other.
  if (underWay) throw new Conflict('answer_in_progress', 'this chat is being answered')
  if (known && trigger === 'retry') await dropEmptyAnswers(tx, known, at)
  const { lastId, ...place } = await placeOf(tx, chatId, at)
  const parentId = known ? null : await parentOf(tx, reception, chat, lastId)
  const kept = await keepChat(tx, reception, chat)
  const question = known ?? (await storeQuestion(tx, reception, parentId, place))
  const seq = known ? place.seq : place.seq + 1
  const answer = await openAnswer(tx, reception, question.id, { ...place, seq })
  return {
    kind: 'accepted',
    chat: kept,
    question: stored(question),
    answer: await placed(tx, answer, reception.origin ?? 'fresh'),
  }
}
