import { memoryItem } from './item'
import { decodePlace, encodePlace } from './place'
import type { MemoryPage } from './wire'

import type { MemoryFilter } from '@/db/remembered'
import type { Store } from '@/db/store'
import type { EmbedClient, SearchResponse } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { errorFields, type Logger } from '@/log'
import { folded, spellings, wordsOf } from '@/search/words'

export type MemoryDeps = { store: Store; embed: EmbedClient; log: Logger }

export type MemoryQuery = {
  /** '': everything, the newest first. */
  query: string
  filter: MemoryFilter
  chatId: string | null
  /** `nextCursor` of the page before; null: the first page. */
  cursor: string | null
  limit: number
  requestId: string
  signal: AbortSignal
}

/** Somebody is waiting with the hands on the keyboard. */
const DEADLINE_MS = 2_500
/** The most that raggen-embed answers with; what a person reads through is far less. */
const MAX_FOUND = 100

async function searchMemory(
  { embed, log }: MemoryDeps,
  { query, chatId, requestId, signal }: MemoryQuery,
): Promise<SearchResponse | null> {
  try {
    return await embed.search(
      {
        text: query,
        k: MAX_FOUND,
        collections: [MESSAGES],
        min_relevance: 0,
        ...(chatId !== null && { conversations: [chatId] }),
      },
      { requestId, signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]) },
    )
  } catch (error) {
    if (!signal.aborted) {
      log.warn('searching memory by words alone', { ...errorFields(error), request_id: requestId })
    }
    return null
  }
}

/**
 * What memory holds about `query`: what raggen-embed finds by meaning and word forms, the best first,
 * with what has the very words before that which it holds for merely possible. What is still waiting to
 * be taken is found by its words.
 */
async function search(deps: MemoryDeps, query: MemoryQuery) {
  const { store } = deps
  const words = wordsOf(query.query)
  const [found, candidates] = await Promise.all([
    searchMemory(deps, query),
    words.length === 0
      ? []
      : store.memory.withTerms(words.map(spellings), { ...query, limit: MAX_FOUND }),
  ])
  // The database took any letter for е and ё.
  const worded = candidates
    .map((message) => memoryItem(message))
    .filter(({ text }) => words.every((word) => folded(text).includes(word)))
  const results = found?.results ?? []
  const rows = await store.memory.among(
    results.map(({ id }) => id),
    query,
  )
  const byMeaning = results.flatMap((result) => {
    const message = rows.get(result.id)
    return message ? memoryItem(message, result) : []
  })
  const scored = new Map(byMeaning.map((item) => [item.messageId, item]))
  const least = found?.default_min_relevance ?? 0
  const sure = byMeaning.filter(({ relevance = 0 }) => relevance >= least)
  const exact = worded.map((item) => scored.get(item.messageId) ?? item)
  const all = new Map([...sure, ...exact, ...byMeaning].map((item) => [item.messageId, item]))
  return { items: [...all.values()].slice(0, query.limit), degraded: found === null }
}

/**
 * A page of what memory knows, with how much there is of each kind. A search has one page: its best.
 *
 * @throws InvalidRequest invalid_request when the cursor is none that was given.
 */
export async function listMemory(deps: MemoryDeps, query: MemoryQuery): Promise<MemoryPage> {
  const { memory } = deps.store
  const { filter, chatId, cursor, limit } = query
  const counting = memory.counts(chatId)
  if (query.query !== '') {
    // Nothing forgotten has words to be found by.
    const found =
      filter === 'forgotten' ? { items: [], degraded: false } : await search(deps, query)
    return { ...found, nextCursor: null, counts: await counting }
  }
  const after = cursor === null ? null : decodePlace(cursor)
  const rows = await memory.list({ filter, chatId, after, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map((message) => memoryItem(message)),
    nextCursor: last && rows.length > limit ? encodePlace(last) : null,
    counts: await counting,
    degraded: false,
  }
}
