import { z } from 'zod'

import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'

import { chatSummary, loadChat } from '@/chat/history'
import { storable, VISIBLE } from '@/chat/storable'
import { NotFound } from '@/errors'

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

export const GET = handle<Params>(async ({ params, runtime }) => {
  const loaded = await loadChat(runtime.store, params.chatId)
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
