import { handle } from '../../../_http/handle'

import { checkProvider } from '@/chat/connect'

/** Asks the server now: does it answer, and does it take its key? */
export const POST = handle<{ providerId: string }>(async ({ params, runtime }) => {
  return Response.json(await checkProvider(runtime.store, runtime.registry, params.providerId))
}, 'heavy')
