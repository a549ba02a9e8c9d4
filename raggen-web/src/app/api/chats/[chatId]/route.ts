import { z } from 'zod'

import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'

import { chatSummary, loadChat } from '@/chat/history'
import { NotFound } from '@/errors'

type Params = { chatId: string }

const Rename = z.object({ title: z.string().trim().min(1).max(200) })

export const GET = handle<Params>(async ({ params, runtime }) => {
  const loaded = await loadChat(runtime.store, params.chatId)
  if (!loaded) throw new NotFound('chat_not_found', 'no such chat')
  return Response.json(loaded)
})

export const PATCH = handle<Params>(async ({ request, params, runtime }) => {
  const { title } = await readBody(request, Rename)
  const chat = await runtime.store.chats.rename(params.chatId, title.toWellFormed())
  return Response.json({ chat: chatSummary(chat) })
})

export const DELETE = handle<Params>(async ({ params, runtime }) => {
  runtime.inFlight.stop(params.chatId)
  await runtime.store.chats.remove(params.chatId, new Date())
  runtime.indexer.wake()
  return new Response(null, { status: 204 })
})
