import { z } from 'zod'

import { readBody } from '../../../_http/body'
import { handle } from '../../../_http/handle'

import { Id } from '@/chat/id'

const MAX_EXPECTED = 100

const Put = z.object({ expected: z.array(Id).min(1).max(MAX_EXPECTED) })

type Params = { messageId: string }

/** What must be found for a question, or for an answer's question; null: it is not golden. */
export const GET = handle<Params>(async ({ params, runtime }) => {
  return Response.json({ golden: await runtime.store.golden.find(params.messageId) })
})

/** Marks the question as golden: these messages must be found when it is asked again. */
export const PUT = handle<Params>(async ({ request, params, runtime }) => {
  const { expected } = await readBody(request, Put)
  const golden = await runtime.store.golden.mark(params.messageId, expected, new Date())
  return Response.json({ golden })
})

export const DELETE = handle<Params>(async ({ params, runtime }) => {
  await runtime.store.golden.unmark(params.messageId)
  return new Response(null, { status: 204 })
})
