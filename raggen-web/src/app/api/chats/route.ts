import { handle } from '../_http/handle'

import { chatSummary } from '@/chat/history'

export const GET = handle(async ({ runtime }) => {
  return Response.json({ chats: (await runtime.store.chats.list()).map(chatSummary) })
})
