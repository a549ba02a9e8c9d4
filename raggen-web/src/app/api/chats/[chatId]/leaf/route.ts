import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'

import { showBranch } from '@/chat/history'
import { Id } from '@/chat/id'

const Leaf = z.object({ messageId: Id })

/** Shows another branch: the one through this message. */
export const PUT = handle<{ chatId: string }>(async ({ request, params, runtime }) => {
  const { messageId } = await readBody(request, Leaf)
  return Response.json({ messages: await showBranch(runtime.store, params.chatId, messageId) })
})
