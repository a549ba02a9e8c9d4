import type { Memory } from '@/chat/message'

/** What the browser gets from the server's JSON routes. */
export type ChatSummary = { id: string; title: string; createdAt: string; updatedAt: string }

export type ProviderKind = 'quotations' | 'local' | 'openai'

export type Provider = {
  id: string
  kind: ProviderKind
  name: string
  baseUrl?: string
  hasKey: boolean
  models: string[]
  available: boolean
  errorCode?: string
}

export type Selection = { providerId: string; model: string | null }
export type Providers = { providers: Provider[]; selection: Selection }
export type FoundServer = { name: string; baseUrl: string; models: string[] }

export type Status = {
  embed: { state: 'ready' | 'starting' | 'down' }
  outbox: { pending: number; oldestSeconds: number }
}

export type Receipt = {
  provider: string
  model: string | null
  parameters: Record<string, unknown>
  messages: { role: string; content: string }[]
  tokens: number | null
  memory: Memory
  createdAt: string
}
