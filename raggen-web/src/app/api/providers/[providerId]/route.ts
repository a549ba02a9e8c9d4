import { readBody } from '../../_http/body'
import { handle } from '../../_http/handle'
import { Change } from '../_wire'

import { changeProvider, disconnectProvider } from '@/chat/connect'

type Params = { providerId: string }

export const PATCH = handle<Params>(async ({ request, params, runtime }) => {
  const change = await readBody(request, Change)
  const { store, registry } = runtime
  const provider = await changeProvider(store, registry, params.providerId, change)
  return Response.json({ provider })
}, 'heavy')

export const DELETE = handle<Params>(async ({ params, runtime }) => {
  await disconnectProvider(runtime.store, runtime.registry, params.providerId)
  return new Response(null, { status: 204 })
}, 'heavy')
