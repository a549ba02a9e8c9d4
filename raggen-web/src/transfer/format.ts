import { z } from 'zod'

import { Id } from '@/chat/id'
import { ChatSettings } from '@/chat/settings'
import { storable } from '@/chat/storable'

export const FORMAT = 'raggen-chats'
export const VERSION = 1

/** In UTF-16 units: far above the longest answer. */
const MAX_TEXT = 2_000_000
const MAX_MESSAGES = 50_000
const MAX_ITEMS = 200
const MAX_SENT = 5_000

const text = (max = MAX_TEXT) => z.string().max(max).transform(storable)
const word = (max = 300) => text(max).pipe(z.string().min(1))
const moment = z.iso.datetime({ offset: true }).transform((written) => new Date(written))
const count = z.number().int().min(0).max(2_147_483_647)
const place = count.min(1)
const tokens = z.number().min(0)

const Reason = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('meaning') }),
  z.object({ kind: z.literal('words'), terms: z.array(text(1000)).max(1000) }),
  z.object({ kind: z.literal('pinned') }),
  z.object({ kind: z.literal('nearby') }),
  z.object({ kind: z.literal('recent') }),
])

const Rating = z.union([z.literal(1), z.literal(-1)]).nullable()

const Item = z.object({
  rank: place,
  itemId: word(256),
  text: text(),
  sourceChatId: Id.nullable(),
  sourceMessageId: Id,
  speaker: z.enum(['user', 'assistant']),
  timestamp: moment,
  relevance: z.number(),
  relevanceWord: z.enum(['high', 'medium', 'low']),
  cosine: z.number(),
  lexical: z.number(),
  reasons: z.array(Reason).max(20),
  highlights: z.array(z.object({ start: count, end: count })).max(100),
  included: z.boolean(),
  omitted: z.enum(['budget', 'duplicate', 'similar', 'limit']).nullable().default(null),
  promptText: text().nullable(),
  rating: Rating.default(null),
})

const Sent = z.object({ role: z.enum(['system', 'user', 'assistant']), content: text() })

const Receipt = z.object({
  provider: word(),
  model: word().nullable(),
  parameters: z.record(text(300), z.json()),
  messages: z.array(Sent).max(MAX_SENT),
  promptTokens: count,
  parts: z
    .object({ instructions: tokens, context: tokens, history: tokens, question: tokens })
    .nullable()
    .default(null),
  leftOut: z.object({ turns: count, tokens }).nullable().default(null),
  origin: z.enum(['fresh', 'same-context', 'without-context']).default('fresh'),
  memoryState: z.enum(['used', 'nothing-relevant', 'empty', 'unavailable', 'off']),
  earlierId: Id.nullable(),
  retrievalMs: count,
  firstTokenMs: count.nullable(),
  totalMs: count.nullable(),
  createdAt: moment,
})

const Golden = z.object({
  markedAt: moment,
  expected: z
    .array(z.object({ messageId: Id, relevance: z.number().nullable() }))
    .min(1)
    .max(MAX_ITEMS)
    .refine((all) => new Set(all.map(({ messageId }) => messageId)).size === all.length),
})

const Message = z.object({
  id: Id,
  parentId: Id.nullable(),
  replyToId: Id.nullable(),
  seq: place,
  session: place,
  role: z.enum(['user', 'assistant']),
  text: text(),
  status: z.enum(['complete', 'stopped', 'interrupted', 'failed']),
  errorCode: z
    .string()
    .regex(/^\w{1,100}$/)
    .nullable(),
  provider: word().nullable(),
  model: word().nullable(),
  indexable: z.boolean(),
  memoryText: text().nullable().default(null),
  memory: z.enum(['remembered', 'excluded', 'forgotten']).default('remembered'),
  pinnedAt: moment.nullable().default(null),
  rating: Rating.default(null),
  ratedAt: moment.nullable().default(null),
  createdAt: moment,
  updatedAt: moment,
  context: z.array(Item).max(MAX_ITEMS).default([]),
  receipt: Receipt.nullable().default(null),
  golden: Golden.nullable().default(null),
})

/** A chat as a file holds it; what it refers to is checked by src/transfer/tree.ts. */
export const Chat = z.object({
  id: Id,
  title: text(1000),
  titledBy: z.enum(['question', 'model', 'person']).default('person'),
  createdAt: moment,
  updatedAt: moment,
  pinnedAt: moment.nullable().default(null),
  excludedAt: moment.nullable().default(null),
  leafId: Id.nullable().default(null),
  settings: ChatSettings.nullable().default(null),
  messages: z.array(Message).max(MAX_MESSAGES),
})

/** What stands before the chats. */
export const Header = z.object({ format: z.literal(FORMAT), version: z.number().int().min(1) })

export type TransferChat = z.infer<typeof Chat>
