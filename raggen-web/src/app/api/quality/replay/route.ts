import { handle } from '../../_http/handle'

import { replayGolden } from '@/chat/golden'

/** Asks memory each golden question again, as it is now; no model is asked, nothing is stored. */
export const POST = handle(async ({ request, requestId, runtime }) => {
  return Response.json(await replayGolden(runtime, { requestId, signal: request.signal }))
}, 'heavy')
