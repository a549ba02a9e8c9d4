import { effectiveIn } from './effective'
import type { ContextItem } from './message'
import { findRelevant, itemsOf, type RetrieveDeps } from './retrieve'

import { NotFound, NotReady } from '@/errors'

const MOST = 5

export type MissesOf = { answerId: string; requestId: string; signal: AbortSignal }

/**
 * What ranked best of all that was not relevant enough for an answer's question: the same filters, no
 * threshold, and nothing that was said later. At most five, the best first.
 *
 * @throws NotFound message_not_found; NotReady memory_unavailable.
 */
export async function nearestMisses(
  deps: Omit<RetrieveDeps, 'log'>,
  { answerId, requestId, signal }: MissesOf,
): Promise<ContextItem[]> {
  const { store } = deps
  const answer = await store.messages.find(answerId)
  const question = answer?.replyToId ? await store.messages.find(answer.replyToId) : null
  const chat = question && (await store.chats.find(question.chatId))
  if (!question || !chat) throw new NotFound('message_not_found', 'no such answer')
  const stoodOn = (await store.receipts.memories({ answerId })).get(answerId)?.items ?? []
  const known = new Set(stoodOn.map(({ itemId }) => itemId))
  const { context } = await effectiveIn(store, chat.settings)
  const { history, offBranchIds } = await store.messages.before(question)
  const query = {
    chatId: chat.id,
    question: question.text,
    history,
    excludeIds: [question.id, ...offBranchIds],
    context,
    requestId,
    signal,
  }
  // What the answer stood on is not left out of the search: relevance is measured against the best.
  const change = { min_relevance: 0, before: question.createdAt.toISOString() }
  const found = await findRelevant(deps, query, known.size + MOST, change).catch(
    (cause: unknown) => {
      throw new NotReady('memory_unavailable', 'raggen-embed did not answer', { cause })
    },
  )
  const missed = found.results.filter(({ id }) => !known.has(id)).slice(0, MOST)
  return itemsOf(store, missed, context)
}
