import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { Connect } from './_wire'

import { connectProvider } from '@/chat/connect'
import { listProviders } from '@/chat/providers'

export const GET = handle(async ({ runtime }) => {
  const { store, registry } = runtime
  const [providers, selection] = await Promise.all([
    listProviders(store, registry),
    store.settings.selection(),
  ])
  return Response.json({ providers, selection })
}, 'heavy')

export const POST = handle(async ({ request, runtime }) => {
  const wanted = await readBody(request, Connect)
  const provider = await connectProvider(runtime.store, runtime.registry, {
    ...wanted,
    apiKey: wanted.apiKey ?? null,
  })
  return Response.json({ provider }, { status: 201 })
}, 'heavy')
