import type { ContextItem, Memory } from './message'

import type { Store } from '@/db/store'
import type { EmbedClient, SearchResult } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { errorFields, type Logger } from '@/log'

export type Query = {
  question: string
  /** The question itself, and messages that the prompt holds anyway. */
  excludeIds: string[]
  requestId: string
  signal: AbortSignal
}

export type RetrieveDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  deadlineMs: number
}

const HIGHLIGHTS = 3
/** Some results are dropped here, so a few more are asked for. */
const SPARE = 4

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

function contextItem(result: SearchResult, rank: number, titles: Map<string, string>): ContextItem {
  const { conversation: chatId } = result
  return {
    itemId: result.id,
    rank,
    text: result.text,
    speaker: result.speaker === 'assistant' ? 'assistant' : 'user',
    chatId,
    chatTitle: chatId === null ? null : (titles.get(chatId) ?? null),
    messageId: result.id,
    timestamp: result.timestamp ?? new Date(0).toISOString(),
    relevance: result.relevance,
    relevanceWord: result.relevance_word,
    cosine: result.cosine,
    lexical: result.lexical,
    reasons: result.reasons,
    highlights: result.highlights.map(({ start, end }) => ({ start, end })),
    included: false,
  }
}

/** Drops the question's own repetitions, and items of chats that were deleted a moment ago. */
async function usable(store: Store, results: SearchResult[], question: string) {
  const stored = await store.messages.existing(results.map(({ id }) => id))
  const asked = plain(question)
  return results.filter(({ id, text }) => stored.has(id) && plain(text) !== asked)
}

/**
 * Step 2: asks raggen-embed for what is relevant, within a deadline. Never throws: no answer is the
 * state `unavailable`, a fact to show.
 */
export async function retrieve(deps: RetrieveDeps, query: Query): Promise<Memory> {
  const { store, embed, log, deadlineMs } = deps
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  try {
    const { enabled, k } = await store.settings.memory()
    if (!enabled) return { state: 'off', items: [], tookMs: 0 }
    const found = await embed.search(
      {
        text: query.question,
        k: k + SPARE,
        collections: [MESSAGES],
        exclude_ids: query.excludeIds,
        highlights: HIGHLIGHTS,
      },
      {
        requestId: query.requestId,
        signal: AbortSignal.any([query.signal, AbortSignal.timeout(deadlineMs)]),
      },
    )
    if (found.total_items === 0) return { state: 'empty', items: [], tookMs: tookMs() }
    const results = (await usable(store, found.results, query.question)).slice(0, k)
    const titles = await store.chats.titles(results.flatMap((result) => result.conversation ?? []))
    const items = results.map((result, index) => contextItem(result, index + 1, titles))
    return { state: items.length > 0 ? 'used' : 'nothing-relevant', items, tookMs: tookMs() }
  } catch (error) {
    if (!query.signal.aborted)
      log.warn('answering without memory', { ...errorFields(error), request_id: query.requestId })
    return { state: 'unavailable', items: [], tookMs: tookMs() }
  }
}
