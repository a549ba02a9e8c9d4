import { createUIMessageStreamResponse } from 'ai'
import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'

import { answer } from '@/chat/answer'
import { Id } from '@/chat/id'
import { selectedAnswerer } from '@/chat/providers'
import { NotFound } from '@/errors'
import { chooseLocale, LOCALE_COOKIE } from '@/i18n/locale'

const Post = z.object({
  message: z.object({ id: Id, text: z.string() }),
  trigger: z.enum(['submit', 'retry']).default('submit'),
})

/** Proxies close connections that say nothing; a model may think for longer. */
const KEEP_ALIVE_MS = 15_000

function localeOf(request: Request) {
  const cookies = request.headers.get('cookie') ?? ''
  const cookie = new RegExp(`(?:^|;\\s*)${LOCALE_COOKIE}=(\\w+)`).exec(cookies)?.[1]
  return chooseLocale(cookie, request.headers.get('accept-language'))
}

export const POST = handle<{ chatId: string }>(async ({ request, params, requestId, runtime }) => {
  const { message, trigger } = await readBody(request, Post)
  const chatId = Id.safeParse(params.chatId)
  if (!chatId.success) throw new NotFound('chat_not_found', 'a chat cannot have this id')
  const { store, embed, log, inFlight, indexer, registry, env } = runtime
  const stream = await answer(
    {
      store,
      embed,
      log,
      inFlight,
      retrievalTimeoutMs: env.retrievalTimeoutMs,
      wakeIndexer: indexer.wake,
    },
    {
      chatId: chatId.data,
      messageId: message.id,
      text: message.text,
      retry: trigger === 'retry',
      answerer: await selectedAnswerer(store, registry),
      locale: localeOf(request),
      requestId,
      signal: request.signal,
    },
  )
  return createUIMessageStreamResponse({ stream, keepAliveMs: KEEP_ALIVE_MS })
})
