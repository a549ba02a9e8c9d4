import { handle } from '../../../_http/handle'

import { chatSummary } from '@/chat/history'

/** Takes a deletion back, as long as the chat is not erased. */
export const POST = handle<{ chatId: string }>(async ({ params, runtime }) => {
  return Response.json({ chat: chatSummary(await runtime.store.chats.restore(params.chatId)) })
})
