import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'

import { effectiveIn } from '@/chat/effective'
import { ChatSettings } from '@/chat/settings'
import type { Store } from '@/db/store'
import { NotFound } from '@/errors'

type Params = { chatId: string }

async function answerWith(store: Store, settings: ChatSettings): Promise<Response> {
  return Response.json({ settings, effective: await effectiveIn(store, settings) })
}

/** What one chat sets otherwise, and what holds in it. */
export const GET = handle<Params>(async ({ params, runtime }) => {
  const chat = await runtime.store.chats.find(params.chatId)
  if (!chat) throw new NotFound('chat_not_found', 'no such chat')
  return answerWith(runtime.store, chat.settings)
})

/** The body is all that the chat sets: a field that is not in it holds by default again. */
export const PUT = handle<Params>(async ({ request, params, runtime }) => {
  const settings = await readBody(request, ChatSettings)
  const chat = await runtime.store.chats.configure(params.chatId, settings)
  return answerWith(runtime.store, chat.settings)
})
