import { z } from 'zod'

import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { chatSummary } from '@/chat/history'
import { storable, VISIBLE } from '@/chat/storable'
import { searchHistory } from '@/search/history'

/** In code points: a search is a line, not a page. */
const MAX_TEXT = 1_000

const Search = z.object({
  text: z
    .string()
    .max(2 * MAX_TEXT)
    .transform((text) => storable(text).trim())
    .pipe(z.string().regex(VISIBLE)),
  limit: z.number().int().min(1).max(50).default(20),
})

/** What was ever said about something, best first. */
export const POST = handle(async ({ request, requestId, runtime }) => {
  const { text, limit } = await readBody(request, Search)
  const query = { text, limit, requestId, signal: request.signal }
  const { messages, chats, degraded } = await searchHistory(runtime, query)
  return Response.json({
    messages: messages.map(({ createdAt, ...message }) => {
      return { ...message, createdAt: createdAt.toISOString() }
    }),
    chats: chats.map(chatSummary),
    degraded,
  })
}, 'heavy')
