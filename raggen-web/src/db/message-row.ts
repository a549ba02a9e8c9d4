import type { AnswerStatus, MemoryRule, Rating } from '@/chat/message'

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
  /** What the person decided about it. */
  memory: MemoryRule
  /** What they think of an answer. */
  rating: Rating | null
  createdAt: Date
}

/** As the database gives it: its enumerations are strings. */
export type MessageRow = Omit<StoredMessage, 'role' | 'status' | 'memory' | 'rating'> & {
  role: string
  status: string
  memory: string
  rating: number | null
}

/** The row with what the chat knows of it, and nothing else. */
export function stored(row: MessageRow): StoredMessage {
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
    memory: row.memory as MemoryRule,
    rating: row.rating as Rating | null,
    createdAt,
  }
}
