import { z } from 'zod'

import type { Database, Tx } from './database'
import { eraseForgotten } from './erasure'
import { enqueueUpsert } from './outbox'

import type {
  AnswerStatus,
  ContextItem,
  EarlierTurn,
  Memory,
  MemoryState,
  Origin,
  Rating,
  Reason,
} from '@/chat/message'

export type SentMessage = { role: 'system' | 'user' | 'assistant'; content: string }

/** Tokens of each part of a prompt, and the window that they had to share with the answer. */
const Parts = z.object({
  instructions: z.number(),
  context: z.number(),
  history: z.number(),
  question: z.number(),
  windowTokens: z.number(),
  answerTokens: z.number(),
  countedBy: z.enum(['tokenizer', 'estimate']),
})
export type ReceiptParts = z.infer<typeof Parts>

/** How much of the conversation before did not fit. */
const LeftOut = z.object({ turns: z.number(), tokens: z.number() })
export type LeftOut = z.infer<typeof LeftOut>

/** firstTokenMs null: no token came; totalMs null: the answer was cut off by a crash, or goes on. */
export type Timings = { retrievalMs: number; firstTokenMs: number | null; totalMs: number | null }

/** Exactly what was sent for an answer. */
export type Receipt = {
  answerId: string
  provider: string
  model: string | null
  parameters: Record<string, string | number | boolean>
  messages: SentMessage[]
  /** As `parts.countedBy` says. */
  promptTokens: number
  /** null: no model was asked, or an earlier version kept none. */
  parts: ReceiptParts | null
  leftOut: LeftOut | null
  origin: Origin
  timings: Timings
  memory: Memory
  createdAt: Date
}

type Told = 'parts' | 'leftOut' | 'origin'

/** `promptText`: the piece as it stands in the prompt, null when it is not in it. */
export type UsedItem = ContextItem & { promptText: string | null }

/** Without `parts` no model is asked; without `origin` the context is fresh. */
export type OpenReceipt = Omit<Receipt, 'memory' | 'timings' | Told> &
  Partial<Pick<Receipt, Told>> & {
    memory: Omit<Memory, 'items'> & { items: UsedItem[] }
  }

export type Ending = {
  answerId: string
  text: string
  status: Exclude<AnswerStatus, 'streaming'>
  errorCode: string | null
  /** null: no token came. */
  firstTokenMs: number | null
  totalMs: number
  at: Date
}

export type Receipts = {
  /** Before the provider is asked, so that an answer cut off by a crash has its receipt too. */
  open: (receipt: OpenReceipt) => Promise<void>
  /** The answer's last word: text, status, timings and, where memory may see it, its outbox row. */
  close: (ending: Ending) => Promise<void>
  find: (answerId: string) => Promise<Receipt | null>
  /** What this answer, or each answer of this chat, stood on. */
  memories: (of: MemoriesOf) => Promise<Map<string, Memory>>
}

/** Of one answer, or of a chat's answers; of those between two places in the chat where given. */
type MemoriesOf = { answerId: string } | { chatId: string; from?: number; to?: number }

type ItemRow = Awaited<ReturnType<Tx['contextItem']['findMany']>>[number]

function itemData(answerId: string, item: UsedItem) {
  // What another answer's person thought of it was not said of this one.
  const { chatId, messageId, timestamp, chatTitle: _title, rating: _rating, ...same } = item
  return {
    ...same,
    answerId,
    sourceChatId: chatId,
    sourceMessageId: messageId,
    timestamp: new Date(timestamp),
  }
}

function contextItem(row: ItemRow, titles: Map<string, string>): ContextItem {
  const chatTitle = row.sourceChatId === null ? undefined : titles.get(row.sourceChatId)
  return {
    itemId: row.itemId,
    rank: row.rank,
    text: row.text,
    speaker: row.speaker === 'assistant' ? 'assistant' : 'user',
    chatId: chatTitle === undefined ? null : row.sourceChatId,
    chatTitle: chatTitle ?? null,
    messageId: row.sourceMessageId,
    timestamp: row.timestamp.toISOString(),
    relevance: row.relevance,
    relevanceWord: row.relevanceWord as ContextItem['relevanceWord'],
    cosine: row.cosine,
    lexical: row.lexical,
    reasons: row.reasons as Reason[],
    highlights: row.highlights as ContextItem['highlights'],
    included: row.included,
    omitted: row.omitted as ContextItem['omitted'],
    ...(row.rating !== null && { rating: row.rating as Rating }),
  }
}

async function close(tx: Tx, ending: Ending): Promise<void> {
  const { answerId, text, status, errorCode, firstTokenMs, totalMs, at } = ending
  const { count } = await tx.message.updateMany({
    where: { id: answerId, status: 'streaming' },
    data: { text, status, errorCode, updatedAt: at },
  })
  if (count === 0) return // The chat was deleted meanwhile.
  await tx.receipt.updateMany({ where: { answerId }, data: { firstTokenMs, totalMs } })
  const answer = await tx.message.findUniqueOrThrow({ where: { id: answerId } })
  await tx.chat.update({ where: { id: answer.chatId }, data: { updatedAt: at } })
  const finished = status === 'complete' || status === 'stopped'
  if (answer.indexable && finished && text.trim() !== '') await enqueueUpsert(tx, answer, at)
}

export function createReceipts({ read, write, writeUnsynced }: Database): Receipts {
  async function earlierTurns(ids: string[]): Promise<Map<string, EarlierTurn>> {
    const rows = await read.message.findMany({
      where: { id: { in: [...new Set(ids)] } },
      select: { id: true, text: true },
    })
    return new Map(rows.map(({ id, text }) => [id, { messageId: id, text }]))
  }

  const memories: Receipts['memories'] = async (of) => {
    // By chat and not by its answers' ids: a query takes far fewer ids than a chat may have answers.
    const where =
      'chatId' in of
        ? { answer: { chatId: of.chatId, seq: { gte: of.from, lte: of.to } } }
        : { answerId: of.answerId }
    const [receipts, items] = await Promise.all([
      read.receipt.findMany({
        where,
        select: { answerId: true, memoryState: true, retrievalMs: true, earlierId: true },
      }),
      read.contextItem.findMany({ where, orderBy: { rank: 'asc' } }),
    ])
    const chatIds = new Set(items.flatMap(({ sourceChatId }) => sourceChatId ?? []))
    const chats = await read.chat.findMany({ where: { id: { in: [...chatIds] }, deletedAt: null } })
    const titles = new Map(chats.map(({ id, title }) => [id, title]))
    const itemsOf = Map.groupBy(items, ({ answerId }) => answerId)
    const earlier = await earlierTurns(receipts.flatMap(({ earlierId }) => earlierId ?? []))
    return new Map(
      receipts.map(({ answerId, memoryState, retrievalMs, earlierId }) => [
        answerId,
        {
          state: memoryState as MemoryState,
          items: (itemsOf.get(answerId) ?? []).map((row) => contextItem(row, titles)),
          tookMs: retrievalMs,
          earlier: (earlierId !== null && earlier.get(earlierId)) || null,
        },
      ]),
    )
  }

  return {
    open: ({ memory, parts, leftOut, ...receipt }) =>
      // Synced with the answer's first words that are kept: without them it is worth nothing.
      writeUnsynced(async (tx) => {
        const { count } = await tx.message.updateMany({
          where: { id: receipt.answerId, status: 'streaming' },
          data: { provider: receipt.provider, model: receipt.model },
        })
        if (count === 0) return // The chat was deleted meanwhile.
        await tx.receipt.create({
          data: {
            ...receipt,
            ...(parts && { parts }),
            ...(leftOut && { leftOut }),
            memoryState: memory.state,
            retrievalMs: memory.tookMs,
            earlierId: memory.earlier?.messageId ?? null,
          },
        })
        await tx.contextItem.createMany({
          data: memory.items.map((item) => itemData(receipt.answerId, item)),
        })
        await eraseForgotten(tx, receipt.answerId)
      }),

    close: (ending) => write((tx) => close(tx, ending)),

    async find(answerId) {
      const row = await read.receipt.findUnique({ where: { answerId } })
      const memory = row && (await memories({ answerId })).get(answerId)
      if (!row || !memory) return null
      const { provider, model, promptTokens, createdAt } = row
      const { retrievalMs, firstTokenMs, totalMs } = row
      return {
        answerId,
        provider,
        model,
        parameters: row.parameters as Receipt['parameters'],
        messages: row.messages as SentMessage[],
        promptTokens,
        parts: Parts.safeParse(row.parts).data ?? null,
        leftOut: LeftOut.safeParse(row.leftOut).data ?? null,
        origin: row.origin as Origin,
        timings: { retrievalMs, firstTokenMs, totalMs },
        memory,
        createdAt,
      }
    },

    memories,
  }
}
