import type { MemoryDeps } from './list'
import type { Proof } from './wire'

import type { CallOptions } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { Conflict, NotFound } from '@/errors'
import { errorFields } from '@/log'

/** Somebody is waiting for the answer, and asks again by itself. */
const DEADLINE_MS = 2_500
const MAX_FOUND = 100

async function askEmbed(
  { embed }: MemoryDeps,
  { id, words, options }: { id: string; words: string; options: CallOptions },
): Promise<Pick<Proof, 'item' | 'search'>> {
  const item = (await embed.get(id, options)) === null ? 'absent' : 'present'
  if (words.trim() === '') return { item, search: null }
  const { results } = await embed.search(
    { text: words, k: MAX_FOUND, collections: [MESSAGES], min_relevance: 0 },
    options,
  )
  return { item, search: { asked: words, found: results.some((result) => result.id === id) } }
}

/**
 * Looks for a forgotten message wherever it was: in raggen-embed by its id and by its own words, in the
 * outbox, in other answers' context lists and receipts.
 *
 * @param words What memory held, as whoever asks remembers it: nothing here does any more. null: what
 *     still stands in the chat.
 * @throws NotFound message_not_found; Conflict not_forgotten.
 */
export async function proofOf(
  deps: MemoryDeps,
  {
    messageId: id,
    words,
    requestId,
    signal,
  }: { messageId: string; words: string | null; requestId: string; signal: AbortSignal },
): Promise<Proof> {
  const { store, log } = deps
  const message = await store.memory.find(id)
  if (!message) throw new NotFound('message_not_found', 'no such message')
  if (message.mark !== 'forgotten') throw new Conflict('not_forgotten', 'it is remembered')
  const traces = await store.memory.traces(id)
  const options = {
    requestId,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
  }
  const asked = await askEmbed(deps, { id, words: words ?? message.said, options }).catch(
    (error: unknown) => {
      log.warn('no proof without raggen-embed', { ...errorFields(error), request_id: requestId })
      return { item: 'unknown', search: null } as const
    },
  )
  const gone =
    asked.item === 'absent' &&
    asked.search?.found !== true &&
    !traces.outbox &&
    traces.receipts === 0
  return { gone, ...asked, ...traces }
}
