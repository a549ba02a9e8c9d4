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
  /** The message before this one on its branch; null: a first message. */
  parentId: string | null
  siblings: Siblings
  /** How an answer came by its context. */
  origin?: Origin
  /** What the person decided about this message; absent means remembered. */
  memory?: MemoryRule
  /** What the person thinks of an answer; absent: nothing. */
  rating?: Rating
}

/** A thumb up, or down. */
export type Rating = 1 | -1

/** The messages with the same parent, itself included, in the order in which they were made. */
export type Siblings = { ids: string[]; index: number }

/** `same-context`: another answer's; `without-context`: memory was not asked. */
export type Origin = 'fresh' | 'same-context' | 'without-context'

/** `excluded`: kept, never recalled; `forgotten`: erased from memory. */
export type MemoryRule = 'remembered' | 'excluded' | 'forgotten'

/**
 * `empty`: memory has no items but those of this chat that the model reads anyway; `off`: it was not
 * asked. `unavailable`: it did not answer; what is pinned comes from the database, and is among the
 * items all the same.
 */
export type MemoryState = 'used' | 'nothing-relevant' | 'empty' | 'unavailable' | 'off'

/** `pinned`: given to every answer; `nearby`: lifted by its neighbours in the chat. */
export type Reason =
  | { kind: 'meaning' }
  | { kind: 'words'; terms: string[] }
  | { kind: 'pinned' }
  | { kind: 'nearby' }
  | { kind: 'recent' }

/** Why a piece of context did not get into the prompt. */
export type Omission = 'budget' | 'duplicate' | 'similar' | 'limit'

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
  /** null: it is in the prompt. */
  omitted: Omission | null
  /** Whether the person found it relevant for this answer; absent: they did not say. */
  rating?: Rating
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

/** Why nothing comes yet: the provider answers others first, or it was asked again after a pause. */
export type Waiting = { for: 'turn' | 'retry' }

/** Metadata on every message; the part `data-memory` (id `memory`) comes before the first token. */
export type ChatMessage = UIMessage<MessageMetadata, { memory: Memory; waiting: Waiting }>
