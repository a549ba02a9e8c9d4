import { createUIMessageStreamResponse } from 'ai'
import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'
import { KEEP_ALIVE_MS } from '../../../_http/keep-alive'
import { localeOf } from '../../../_http/locale'

import { answer } from '@/chat/answer'
import { Id } from '@/chat/id'
import type { WantedContext } from '@/chat/produce'
import { ChatSettings } from '@/chat/settings'
import { InvalidRequest, NotFound } from '@/errors'
import { clientFrom } from '@/limits/client'

const Post = z.object({
  message: z.object({ id: Id, text: z.string().default('') }),
  parentId: Id.nullable().optional(),
  trigger: z.enum(['submit', 'retry', 'regenerate']).default('submit'),
  context: z.enum(['fresh', 'same', 'none']).default('fresh'),
  answerId: Id.optional(),
  settings: ChatSettings.optional(),
})

/** @throws InvalidRequest invalid_request */
function wantedContext({ context, answerId }: z.infer<typeof Post>): WantedContext {
  if (context !== 'same') return { kind: context }
  if (answerId === undefined) {
    throw new InvalidRequest('invalid_request', 'whose context is not said', {
      detail: { at: 'answerId' },
    })
  }
  return { kind: 'same', answerId }
}

export const POST = handle<{ chatId: string }>(
  async ({ request, params, requestId, runtime, arrivedAt }) => {
    const post = await readBody(request, Post)
    const chatId = Id.safeParse(params.chatId)
    if (!chatId.success) throw new NotFound('chat_not_found', 'a chat cannot have this id')
    const { indexer, env } = runtime
    const stream = await answer(
      { ...runtime, retrievalTimeoutMs: env.retrievalTimeoutMs, wakeIndexer: indexer.wake },
      {
        chatId: chatId.data,
        messageId: post.message.id,
        text: post.message.text,
        parentId: post.parentId,
        trigger: post.trigger,
        context: wantedContext(post),
        settings: post.settings,
        locale: localeOf(request),
        requestId,
        client: clientFrom(request.headers),
        arrivedAt,
      },
    )
    return createUIMessageStreamResponse({ stream, keepAliveMs: KEEP_ALIVE_MS })
  },
  'ask',
)
