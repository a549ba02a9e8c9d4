import { z } from 'zod'

import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'

import { chatSummary, loadChat } from '@/chat/history'
import { Id } from '@/chat/id'
import { storable, VISIBLE } from '@/chat/storable'
import { InvalidRequest, NotFound } from '@/errors'

type Params = { chatId: string }

/** At least one character that is seen: a chat without any could not be clicked in the list. */
const Title = z
  .string()
  .transform((title) => storable(title).trim())
  .pipe(z.string().max(200).regex(VISIBLE))
const Change = z
  .object({
    title: Title.optional(),
    pinned: z.boolean().optional(),
    excluded: z.boolean().optional(),
  })
  .refine(
    (change) => Object.values(change).some((value) => value !== undefined),
    'nothing to change',
  )

/** `?last=100` the newest messages alone, `&before=<id>` of those before one; all without them. */
const Query = z.object({
  last: z.coerce.number().int().min(1).max(1000).optional(),
  before: Id.optional(),
})

export const GET = handle<Params>(async ({ request, params, runtime }) => {
  const query = Query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) throw new InvalidRequest('invalid_request', 'last is 1…1000, before an id')
  const { last, before } = query.data
  const loaded = await loadChat(runtime.store, params.chatId, last ? { last, before } : undefined)
  if (!loaded) throw new NotFound('chat_not_found', 'no such chat')
  return Response.json(loaded)
})

export const PATCH = handle<Params>(async ({ request, params, runtime }) => {
  const change = await readBody(request, Change)
  const chat = await runtime.store.chats.change(params.chatId, change, new Date())
  return Response.json({ chat: chatSummary(chat) })
})

/** Gone from sight and from memory at once; erased when it can no longer be taken back. */
export const DELETE = handle<Params>(async ({ params: { chatId }, runtime }) => {
  const { inFlight, store } = runtime
  await inFlight.turn(chatId, async () => {
    await inFlight.stop(chatId)
    await store.chats.hide(chatId, new Date())
  })
  return new Response(null, { status: 204 })
})
