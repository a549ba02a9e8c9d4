import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'

import { forget } from '@/memory/govern'

const Forget = z.object({ eraseFromChat: z.boolean() })

/** Erases a message from memory and, where its person wants that, from its chat. */
export const POST = handle<{ messageId: string }>(async ({ request, params, runtime }) => {
  const { eraseFromChat } = await readBody(request, Forget)
  const item = await forget(runtime.store, params.messageId, eraseFromChat)
  runtime.indexer.wake()
  return Response.json({ item })
})
