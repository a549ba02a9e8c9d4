import { handle } from '../../../_http/handle'

import { NotFound } from '@/errors'

/** Exactly what was sent to the model for an answer. */
export const GET = handle<{ messageId: string }>(async ({ params, runtime }) => {
  const receipt = await runtime.store.receipts.find(params.messageId)
  if (!receipt) throw new NotFound('receipt_not_found', 'no such answer, or nothing was sent')
  const { provider, model, parameters, messages, promptTokens: tokens, memory } = receipt
  const createdAt = receipt.createdAt.toISOString()
  return Response.json({ provider, model, parameters, messages, tokens, memory, createdAt })
})
