import type { MemoryCounts, Remembered } from '@/db/remembered'
import type { SearchResult } from '@/embed/client'

/** What the memory page gets from the server, as types alone: both sides share them. */

export type { MemoryCounts } from '@/db/remembered'

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
  indexed: Remembered['indexed']
  /** Of a search by meaning: calibrated probability, 0..1. */
  relevance?: number
  relevanceWord?: SearchResult['relevance_word']
}

export type MemoryPage = {
  items: MemoryItem[]
  nextCursor: string | null
  counts: MemoryCounts
  /** raggen-embed did not answer: only the very words were looked for. */
  degraded: boolean
}

/** What is left of a forgotten message, as both services say it just now. */
export type Proof = {
  /** Nothing is left anywhere, and everybody was asked. */
  gone: boolean
  /** In raggen-embed: text, vector and lexical entries are one item. */
  item: 'absent' | 'present' | 'unknown'
  /** A search for its own words; null: the words are kept nowhere any more, or nobody answered. */
  search: { asked: string; found: boolean } | null
  /** raggen-embed has still to be told. */
  outbox: boolean
  /** Answers whose context list or receipt still has its words. */
  receipts: number
}
