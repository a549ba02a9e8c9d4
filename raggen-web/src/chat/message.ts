import type { UIMessage } from 'ai'

/** Where an answer stands. Only `streaming` is not final; boot turns a stale one into `interrupted`. */
export type AnswerStatus = 'streaming' | 'complete' | 'stopped' | 'interrupted' | 'failed'

export type MessageMetadata = {
  /** RFC 3339. */
  createdAt: string
  status: AnswerStatus
  provider?: string
  model?: string
  /** Translated by the interface through `errors.<code>`. */
  errorCode?: string
}

/** `empty`: memory has no items at all; `off`: the person switched memory off. */
export type MemoryState = 'used' | 'nothing-relevant' | 'empty' | 'unavailable' | 'off'

export type Reason = { kind: 'meaning' } | { kind: 'words'; terms: string[] }

/** One piece of context as it stood when the answer was made: verbatim, with its place and scores. */
export type ContextItem = {
  itemId: string
  /** 1 is the best. */
  rank: number
  text: string
  speaker: 'user' | 'assistant'
  /** null: the chat is gone. */
  chatId: string | null
  chatTitle: string | null
  messageId: string
  /** RFC 3339: when it was said. */
  timestamp: string
  /** Calibrated probability, 0..1. */
  relevance: number
  relevanceWord: 'high' | 'medium' | 'low'
  cosine: number
  lexical: number
  reasons: Reason[]
  /** The sentences that answer best; offsets into `text` in Unicode code points. */
  highlights: { start: number; end: number }[]
  /** It fitted into the prompt. */
  included: boolean
}

/** What the person said before in the same chat, verbatim. */
export type EarlierTurn = { messageId: string; text: string }

export type Memory = {
  state: MemoryState
  items: ContextItem[]
  tookMs: number
  /** Searched for together with the question, which could not stand alone ("and why?"). */
  earlier: EarlierTurn | null
}

/** Metadata on every message; the part `data-memory` (id `memory`) comes before the first token. */
export type ChatMessage = UIMessage<MessageMetadata, { memory: Memory }>
