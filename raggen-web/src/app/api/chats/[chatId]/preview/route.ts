import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'
import { partsOnWire } from '../../../_http/parts'

import { Id } from '@/chat/id'
import { preview } from '@/chat/preview'
import { ChatSettings } from '@/chat/settings'
import { NotFound } from '@/errors'

const Post = z.object({
  text: z.string(),
  parentId: Id.nullish(),
  settings: ChatSettings.optional(),
  context: z.enum(['fresh', 'none']).default('fresh'),
})

/** What would be sent for a message: nothing is stored, no model is asked. The chat may be new. */
export const POST = handle<{ chatId: string }>(async ({ request, params, requestId, runtime }) => {
  const wanted = await readBody(request, Post)
  const chatId = Id.safeParse(params.chatId)
  if (!chatId.success) throw new NotFound('chat_not_found', 'a chat cannot have this id')
  const { store, embed, log, registry, env } = runtime
  const { parts, ...previewed } = await preview(
    { store, embed, log, registry, deadlineMs: env.retrievalTimeoutMs },
    { ...wanted, chatId: chatId.data, requestId, signal: request.signal },
  )
  return Response.json({ ...previewed, ...partsOnWire(parts) })
}, 'heavy')
