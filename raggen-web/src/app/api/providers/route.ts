import { z } from 'zod'

import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { connectProvider, listProviders } from '@/chat/providers'

const Connect = z.object({
  name: z.string().trim().min(1).max(100).optional(),
  baseUrl: z.string().min(1).max(2000),
  apiKey: z
    .string()
    .trim()
    .max(4000)
    .regex(/^[\x21-\x7e]*$/, 'visible ASCII only, as in an HTTP header')
    .transform((key) => (key === '' ? null : key))
    .optional(),
})

export const GET = handle(async ({ runtime }) => {
  const { store, registry } = runtime
  const [providers, selection] = await Promise.all([
    listProviders(store, registry),
    store.settings.selection(),
  ])
  return Response.json({ providers, selection })
})

export const POST = handle(async ({ request, runtime }) => {
  const { name, baseUrl, apiKey } = await readBody(request, Connect)
  const provider = await connectProvider(runtime.store, { name, baseUrl, apiKey: apiKey ?? null })
  return Response.json({ provider }, { status: 201 })
})
