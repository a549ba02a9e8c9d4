/** What a database keeps as JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A piece of context as an answer stood on it. */
export type ArchivedItem = {
  rank: number
  itemId: string
  text: string
  sourceChatId: string | null
  sourceMessageId: string
  speaker: string
  timestamp: Date
  relevance: number
  relevanceWord: string
  cosine: number
  lexical: number
  reasons: Json
  highlights: Json
  included: boolean
  omitted: string | null
  promptText: string | null
  rating: number | null
}

/** What must be found for a golden question. */
export type ArchivedGolden = {
  markedAt: Date
  expected: { messageId: string; relevance: number | null }[]
}

/** What was sent for an answer. */
export type ArchivedReceipt = {
  provider: string
  model: string | null
  parameters: Json
  messages: Json
  promptTokens: number
  parts: Json
  leftOut: Json
  origin: string
  memoryState: string
  earlierId: string | null
  retrievalMs: number
  firstTokenMs: number | null
  totalMs: number | null
  createdAt: Date
}

/** A message with all that is known of it, but for what follows from it (versions, index states). */
export type ArchivedMessage = {
  id: string
  parentId: string | null
  replyToId: string | null
  seq: number
  session: number
  role: string
  text: string
  status: string
  errorCode: string | null
  provider: string | null
  model: string | null
  indexable: boolean
  memoryText: string | null
  memory: string
  pinnedAt: Date | null
  rating: number | null
  ratedAt: Date | null
  createdAt: Date
  updatedAt: Date
  context: ArchivedItem[]
  receipt: ArchivedReceipt | null
  golden: ArchivedGolden | null
}

export type ArchivedChatHead = {
  id: string
  title: string
  titledBy: string
  createdAt: Date
  updatedAt: Date
  pinnedAt: Date | null
  excludedAt: Date | null
  leafId: string | null
  settings: Json
}

/** A chat with all its branches, in the order in which its messages were written. */
export type ArchivedChat = ArchivedChatHead & { messages: ArchivedMessage[] }
