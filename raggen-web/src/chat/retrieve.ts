import { asksOnly, earlierTurns } from './earlier'
import type { ContextItem, Memory } from './message'
import type { Turn } from './prompt'

import type { Store } from '@/db/store'
import type { EmbedClient, SearchResponse, SearchResult } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { errorFields, type Logger } from '@/log'

export type Query = {
  question: string
  /** What was said before in this chat, oldest first. */
  history: Turn[]
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
    omitted: null,
  }
}

/** Drops items of chats that were deleted a moment ago. */
async function stillStored(store: Store, results: SearchResult[]) {
  const stored = await store.messages.existing(results.map(({ id }) => id))
  return results.filter(({ id }) => stored.has(id))
}

/**
 * Searches without the results that only repeat one of `questions`, as somebody does who asks the
 * same in several chats. Relevance is measured against the best result too, and a repetition is the
 * best one and no answer: so where one was found, the search is done again without it.
 */
async function searchAnswers(
  search: (excludeIds: string[]) => Promise<SearchResponse>,
  excludeIds: string[],
  questions: string[],
): Promise<SearchResponse> {
  const asked = new Set(questions.map(plain))
  const repeats = ({ text }: SearchResult) => asked.has(plain(text))
  const first = await search(excludeIds)
  const found = first.results.filter(repeats).map(({ id }) => id)
  if (found.length === 0) return first
  const again = await search([...excludeIds, ...found]).catch(() => first) // Late is worse than less.
  return {
    ...first,
    results: again.results.filter((result) => !repeats(result)),
  }
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
    if (!enabled) return { state: 'off', items: [], tookMs: 0, earlier: null }
    const turns = earlierTurns(query.history)
    // Searched with, a question would be its own best result and put the answers in its shade. A
    // statement stays: where no model has it before its eyes, it may be what is asked about.
    const asked = turns.filter(({ text }) => asksOnly(text))
    const options = {
      requestId: query.requestId,
      signal: AbortSignal.any([query.signal, AbortSignal.timeout(deadlineMs)]),
    }
    const body = {
      text: query.question,
      k: k + SPARE,
      collections: [MESSAGES],
      previous: turns.map(({ text }) => text),
      highlights: HIGHLIGHTS,
    }
    const found = await searchAnswers(
      (excludeIds) => embed.search({ ...body, exclude_ids: excludeIds }, options),
      [...query.excludeIds, ...asked.map(({ id }) => id)],
      [query.question, ...asked.map(({ text }) => text)],
    )
    if (found.total_items === 0)
      return { state: 'empty', items: [], tookMs: tookMs(), earlier: null }
    const results = (await stillStored(store, found.results)).slice(0, k)
    const titles = await store.chats.titles(results.flatMap((result) => result.conversation ?? []))
    const items = results.map((result, index) => contextItem(result, index + 1, titles))
    const state = items.length > 0 ? 'used' : 'nothing-relevant'
    const turn = found.follow_up && turns[found.follow_up.previous]
    const earlier = turn ? { messageId: turn.id, text: turn.text } : null
    return { state, items, tookMs: tookMs(), earlier }
  } catch (error) {
    if (!query.signal.aborted)
      log.warn('answering without memory', { ...errorFields(error), request_id: query.requestId })
    return { state: 'unavailable', items: [], tookMs: tookMs(), earlier: null }
  }
}
