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
const Rename = z.object({ title: Title })

export const GET = handle<Params>(async ({ params, runtime }) => {
  const loaded = await loadChat(runtime.store, params.chatId)
  if (!loaded) throw new NotFound('chat_not_found', 'no such chat')
  return Response.json(loaded)
})

export const PATCH = handle<Params>(async ({ request, params, runtime }) => {
  const { title } = await readBody(request, Rename)
  const chat = await runtime.store.chats.rename(params.chatId, title)
  return Response.json({ chat: chatSummary(chat) })
})

export const DELETE = handle<Params>(async ({ params, runtime }) => {
  runtime.inFlight.stop(params.chatId)
  await runtime.store.chats.remove(params.chatId, new Date())
  runtime.indexer.wake()
  return new Response(null, { status: 204 })
})
