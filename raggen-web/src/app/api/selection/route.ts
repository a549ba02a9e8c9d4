import { z } from 'zod'

import { readBody } from '../_http/body'
import { handle } from '../_http/handle'

import { select } from '@/chat/providers'

const Select = z.object({
  providerId: z.string().min(1).max(64),
  model: z.string().min(1).max(300).nullish(),
})

export const PUT = handle(async ({ request, runtime }) => {
  const wanted = await readBody(request, Select)
  return Response.json({ selection: await select(runtime.store, runtime.registry, wanted) })
}, 'heavy')
