import { z } from 'zod'

import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'

import { Id } from '@/chat/id'
import { governMany } from '@/memory/govern'

const messageIds = z.array(Id).min(1).max(200)

const Bulk = z.discriminatedUnion('action', [
  z.object({ action: z.enum(['exclude', 'include', 'pin', 'unpin']), messageIds }),
  z.object({ action: z.literal('forget'), messageIds, eraseFromChat: z.boolean() }),
])

/** The same done to several messages: to all of them at once, or to none. */
export const POST = handle(async ({ request, runtime }) => {
  const bulk = await readBody(request, Bulk)
  const items = await governMany(runtime.store, bulk)
  runtime.indexer.wake()
  return Response.json({ items })
})
