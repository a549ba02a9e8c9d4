import { z } from 'zod'

import { handle } from '../_http/handle'
import { readQuery } from '../_http/query'

import { Id } from '@/chat/id'
import { storable } from '@/chat/storable'
import { listMemory } from '@/memory/list'

/** In code points: a search is a line, not a page. */
const MAX_QUERY = 1_000

const Query = z.object({
  query: z
    .string()
    .max(2 * MAX_QUERY)
    .transform((text) => storable(text).trim())
    .default(''),
  state: z
    .enum(['all', 'remembered', 'pinned', 'corrected', 'excluded', 'forgotten'])
    .default('all'),
  chatId: Id.optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

/** What memory knows: a page of it, the newest first, or the best of a search. */
export const GET = handle(async ({ request, requestId, runtime }) => {
  const { query, state, chatId = null, cursor = null, limit } = readQuery(request, Query)
  const { signal } = request
  return Response.json(
    await listMemory(runtime, { query, filter: state, chatId, cursor, limit, requestId, signal }),
  )
})
