import { handle } from '../../../_http/handle'

import { nearestMisses } from '@/chat/misses'

/** What ranked best of all that was not relevant enough for an answer's question. */
export const GET = handle<{ messageId: string }>(
  async ({ request, params, requestId, runtime }) => {
    const { store, embed, env } = runtime
    const items = await nearestMisses(
      { store, embed, deadlineMs: env.retrievalTimeoutMs },
      { answerId: params.messageId, requestId, signal: request.signal },
    )
    return Response.json({ items })
  },
  'heavy',
)
