import { handle } from '../../_http/handle'

import { MOST_GOLDEN } from '@/chat/golden'

/** The golden questions, the latest marked first. */
export const GET = handle(async ({ runtime }) => {
  const golden = await runtime.store.golden.list(MOST_GOLDEN)
  return Response.json({ golden })
})
