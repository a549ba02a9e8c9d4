import { z } from 'zod'

import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { ContextSettings, GenerationSettings } from '@/chat/settings'

const Defaults = z.object({ generation: GenerationSettings, context: ContextSettings })

/** What holds where a chat says nothing else. */
export const GET = handle(async ({ runtime }) =>
  Response.json({ defaults: await runtime.store.settings.defaults() }),
)

export const PUT = handle(async ({ request, runtime }) => {
  const defaults = await readBody(request, Defaults)
  await runtime.store.settings.setDefaults(defaults)
  return Response.json({ defaults })
})
