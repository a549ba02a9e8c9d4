import type { ContextItem, Reason } from './message'

import type { PinnedMessage } from '@/db/memory'
import type { SearchResult } from '@/embed/client'

/**
 * Of an item's own score, what the rest of its sitting must add to be a reason of its own: raggen-embed
 * gives each a fifth of the mean of its sitting's best, so here that mean is a quarter better than the item.
 */
const NEARBY_SHARE = 0.25
/** What recency adds to the score at most, and what is left of it after its half-life: raggen-embed's. */
const RECENCY_GAIN = 0.05
const HALF = 0.5

/** Why raggen-embed picked it, what stood beside it and its age included where they count. */
function reasonsOf({ reasons, explanation }: SearchResult, recency: number): Reason[] {
  if (!explanation) return reasons
  const { shares, lanes } = explanation
  const own = Object.keys(lanes).reduce((sum, lane) => sum + (shares[lane] ?? 0), 0)
  const nearby = own > 0 && (shares.session ?? 0) >= NEARBY_SHARE * own
  const recent = recency > 0 && (shares.recency ?? 0) >= HALF * RECENCY_GAIN * recency
  return [
    ...reasons,
    ...(nearby ? [{ kind: 'nearby' as const }] : []),
    ...(recent ? [{ kind: 'recent' as const }] : []),
  ]
}

/** A search's result as a piece of context; `titles` of the chats that are still there. */
export function contextItem(
  result: SearchResult,
  rank: number,
  titles: Map<string, string>,
  recency: number,
): ContextItem {
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
    reasons: reasonsOf(result, recency),
    highlights: result.highlights.map(({ start, end }) => ({ start, end })),
    included: false,
    omitted: null,
  }
}

/** What is given to every answer, without being asked for: no search measured its relevance. */
export function pinnedItem(pinned: PinnedMessage): ContextItem {
  const { messageId, chatId, chatTitle, speaker, text, createdAt } = pinned
  return {
    itemId: messageId,
    rank: 1,
    text,
    speaker,
    chatId,
    chatTitle,
    messageId,
    timestamp: createdAt.toISOString(),
    relevance: 0,
    relevanceWord: 'low',
    cosine: 0,
    lexical: 0,
    reasons: [{ kind: 'pinned' }],
    highlights: [],
    included: false,
    omitted: null,
  }
}
