import type { ServerKind } from './server'

import type { ContextItem, MemoryState } from '@/chat/message'
import type { Locale } from '@/i18n/locale'

export type PromptMessage = { role: 'system' | 'user' | 'assistant'; content: string }

/** How a stream ended that did not fail; `errorCode` is a reservation about a whole answer. */
export type Finish = { errorCode: string | null }

/**
 * Pieces of text as they come ('' = alive, nothing to show). Throws ProviderFailure; stops soon after
 * `signal` aborts, by ending or throwing, as it likes.
 */
export type AnswerStream = AsyncGenerator<string, Finish, undefined>

/** Why nothing comes yet: other answers come first, or the provider asked for a pause. */
export type Waiting = 'turn' | 'retry'
export type OnWaiting = (waiting: Waiting) => void

export type Limits = {
  /** A provider that sends nothing for so long has failed. */
  silenceMs: number
}

export type ModelLimits = Limits & {
  /** The model's context window, in its own tokens: prompt and answer together. */
  windowTokens: number
  /** Of the window, what is kept free for the answer. */
  answerTokens: number
  /** Tokens that a prompt may have, the question always included: at most what the answer leaves. */
  promptTokens: number
  /** How many pieces of memory go into a prompt. */
  contextItems: number
  /** A very small model: short instructions. */
  brief: boolean
}

/** What speaks: a kind of server, or the one that `raggen up` starts. */
export type ModelServerKind = ServerKind | 'local'

/** Answers in its own words, from a prompt. */
export type Model = {
  kind: 'model'
  serverKind: ModelServerKind
  providerId: string
  model: string | null
  limits: ModelLimits
  /** What is sent besides the messages, by its name on the wire; kept in the receipt. */
  parameters: Record<string, string | number | boolean>
  /** Where the provider has a tokenizer: tokens of each text, by the model that answers. Throws ProviderFailure. */
  countTokens?: (texts: string[], signal: AbortSignal) => Promise<number[]>
  stream: (messages: PromptMessage[], signal: AbortSignal, onWaiting?: OnWaiting) => AnswerStream
}

/** Answers with sentences from memory: no model, nothing is sent anywhere. */
export type Quotations = {
  kind: 'quotations'
  providerId: 'quotations'
  model: null
  limits: Limits
  /** Marks what the answer will quote as included. */
  choose: (items: ContextItem[]) => ContextItem[]
  stream: (
    memory: { state: MemoryState; items: ContextItem[] },
    locale: Locale,
    signal: AbortSignal,
  ) => AnswerStream
}

export type Answerer = Model | Quotations
