import { handle } from '../_http/handle'

import { Forbidden, InvalidRequest } from '@/errors'
import { refusal } from '@/proxy'
import { importChats } from '@/transfer/import'

/** Chats of a file, taken in while it arrives; src/proxy.ts leaves this route alone. */
export const POST = handle(async ({ request, runtime }) => {
  const refused = refusal(request.method, request.headers)
  if (refused !== null) throw new Forbidden(refused, 'another site, or another host name')
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    throw new InvalidRequest('unsupported_media_type', 'the body must be application/json')
  }
  const body = request.body ?? new Blob().stream()
  return Response.json(await importChats(runtime.store, body, runtime.indexer.wake))
}, 'heavy')
