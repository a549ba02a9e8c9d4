/** A message as memory stands with it; what `GET /api/memory` lists. */
export type MemoryItem = {
  messageId: string
  chatId: string
  chatTitle: string
  speaker: 'user' | 'assistant'
  /** What memory holds; '' once it is forgotten. */
  text: string
  /** Verbatim in the chat; '' where its person erased it there too. */
  said: string
  /** RFC 3339: when it was said. */
  createdAt: string
  state: 'remembered' | 'excluded' | 'forgotten'
  /** Whether it is excluded by itself or with its whole chat; null: it is not. */
  excludedBy: 'message' | 'chat' | null
  pinned: boolean
  corrected: boolean
  /** `gone`: forgotten, and raggen-embed has confirmed it. */
  indexed: 'pending' | 'indexed' | 'failed' | 'gone'
  /** Of a search by meaning: calibrated probability, 0..1. */
  relevance?: number
  relevanceWord?: 'high' | 'medium' | 'low'
}

export const MEMORY_FILTERS = ['all', 'pinned', 'corrected', 'excluded', 'forgotten'] as const
export type MemoryFilter = (typeof MEMORY_FILTERS)[number]

export type MemoryCounts = Record<
  'remembered' | 'pinned' | 'corrected' | 'excluded' | 'forgotten' | 'pending' | 'failed',
  number
>

export type MemoryPage = {
  items: MemoryItem[]
  nextCursor: string | null
  counts: MemoryCounts
  /** raggen-embed did not answer: only the very words were looked for. */
  degraded: boolean
}

/** What is left of a forgotten message. */
export type Proof = {
  gone: boolean
  item: 'absent' | 'present' | 'unknown'
  search: { asked: string; found: boolean } | null
  outbox: boolean
  receipts: number
}

/** How many messages a filter shows; `all` is everything that memory holds. */
export function countOf(filter: MemoryFilter, counts: MemoryCounts): number {
  return filter === 'all' ? counts.remembered + counts.excluded : counts[filter]
}

/** Where, in a search's results, only weak matches follow; the length where none do. */
export function weakFrom(items: MemoryItem[]): number {
  return items.findLastIndex(({ relevanceWord }) => relevanceWord !== 'low') + 1
}
