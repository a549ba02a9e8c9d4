import { createUIMessageStreamResponse } from 'ai'

import { handle } from '../../../_http/handle'
import { KEEP_ALIVE_MS } from '../../../_http/keep-alive'

/** The answer under way from its beginning; 204 when there is none. */
export const GET = handle<{ chatId: string }>(async ({ params, runtime }) => {
  const stream = runtime.inFlight.listen(params.chatId)
  if (!stream) return new Response(null, { status: 204 })
  return createUIMessageStreamResponse({ stream, keepAliveMs: KEEP_ALIVE_MS })
})
