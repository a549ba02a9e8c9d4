import { handle } from '../../../_http/handle'
import { partsOnWire } from '../../../_http/parts'

import { NotFound } from '@/errors'

/** Exactly what was sent to the model for an answer, and what each part of it took. */
export const GET = handle<{ messageId: string }>(async ({ params, runtime }) => {
  const receipt = await runtime.store.receipts.find(params.messageId)
  if (!receipt) throw new NotFound('receipt_not_found', 'no such answer, or nothing was sent')
  const { provider, model, parameters, messages, promptTokens: tokens } = receipt
  const { leftOut, origin, timings, memory } = receipt
  return Response.json({
    provider,
    model,
    parameters,
    messages,
    tokens,
    ...partsOnWire(receipt.parts),
    leftOut,
    origin,
    timings,
    memory,
    createdAt: receipt.createdAt.toISOString(),
  })
})
