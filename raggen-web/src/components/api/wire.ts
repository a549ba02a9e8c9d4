import type { ContextItem, Memory, Origin } from '@/chat/message'

/** What the browser gets from the server's JSON routes. */
export type ChatSummary = {
  id: string
  title: string
  /** Who made the title; a person's stays. */
  titledBy: 'question' | 'model' | 'person'
  createdAt: string
  updatedAt: string
  /** null: not pinned. */
  pinnedAt: string | null
  /** Since when nothing said in it is recalled; null: it is. */
  excludedAt: string | null
}

/** What can be connected. */
export type ServerKind = 'openai' | 'yandexgpt' | 'gigachat'
export type ProviderKind = 'quotations' | 'local' | ServerKind

/** What a kind of server needs besides address and key; none of it is a secret. */
export type ProviderOptions = {
  windowTokens?: number
  folder?: string
  scope?: string
  concurrency?: number
  authUrl?: string
  /** Goes to the server as PEM, and comes back by its name alone. */
  certificate?: string
  certificateName?: string
  headerNames?: string[]
}

export type Provider = {
  id: string
  kind: ProviderKind
  name: string
  baseUrl?: string
  hasKey: boolean
  /** `environment`: it can be chosen, not changed. */
  source?: 'built-in' | 'settings' | 'environment'
  models: string[]
  available: boolean
  errorCode?: string
  options?: ProviderOptions
}

export type Selection = { providerId: string; model: string | null }
export type Providers = { providers: Provider[]; selection: Selection }
export type FoundServer = { name: string; baseUrl: string; models: string[] }

export type Status = {
  embed: { state: 'ready' | 'starting' | 'down' }
  outbox: { pending: number; oldestSeconds: number }
}

export type SentMessage = { role: string; content: string }

/** Tokens of each part of a prompt. */
export type PromptParts = {
  instructions: number
  context: number
  history: number
  question: number
}
export type CountedBy = 'tokenizer' | 'estimate'
/** How much of the conversation before did not fit. */
export type LeftOut = { turns: number; tokens: number }

/** What goes, or went, to a model, and how it shares the model's window. */
export type Prompt = {
  provider: string
  model: string | null
  parameters: Record<string, unknown>
  messages: SentMessage[]
  tokens: number | null
  /** null: no model is asked, or an earlier version kept none. */
  parts: PromptParts | null
  countedBy: CountedBy | null
  windowTokens: number | null
  /** Of the window, what is kept free for the answer. */
  answerTokens: number | null
  leftOut: LeftOut | null
  memory: Memory
}

/** What would be sent: nothing is stored, no model is asked. */
export type Preview = Prompt

export type Receipt = Prompt & {
  origin: Origin
  /** null: nothing came, or the answer was cut off. */
  timings: { retrievalMs: number; firstTokenMs: number | null; totalMs: number | null }
  createdAt: string
}

/** What ranked best of all that was not relevant enough. */
export type Misses = { items: ContextItem[] }

/** A question for which its person said what memory must find. */
export type GoldenQuestion = {
  questionId: string
  chatId: string
  chatTitle: string
  text: string
  markedAt: string
  expected: { messageId: string; relevance: number | null }[]
}

/** A message that a search over all chats found; offsets in code points of `excerpt`. */
export type FoundMessage = {
  messageId: string
  chatId: string
  chatTitle: string
  speaker: 'user' | 'assistant'
  excerpt: string
  highlights: { start: number; end: number }[]
  createdAt: string
  /** null: found by its words alone. */
  relevanceWord: 'high' | 'medium' | 'low' | null
  how: 'meaning' | 'words'
}

/** `degraded`: memory did not answer, only the very words were looked for. */
export type SearchFindings = { messages: FoundMessage[]; chats: ChatSummary[]; degraded: boolean }

/** Why a chat of an imported file was left out; `at`: where it cannot be read. */
export type SkipReason = 'invalid' | 'too_large' | 'differs' | 'id_taken'
export type Skipped = {
  chatId: string | null
  title: string | null
  reason: SkipReason
  at?: string
}
export type Imported = { imported: number; unchanged: number; skipped: Skipped[] }
