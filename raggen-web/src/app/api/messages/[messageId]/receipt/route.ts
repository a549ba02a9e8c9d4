import { handle } from '../../../_http/handle'

import { NotFound } from '@/errors'

/** Exactly what was sent to the model for an answer, and what each part of it took. */
export const GET = handle<{ messageId: string }>(async ({ params, runtime }) => {
  const receipt = await runtime.store.receipts.find(params.messageId)
  if (!receipt) throw new NotFound('receipt_not_found', 'no such answer, or nothing was sent')
  const { provider, model, parameters, messages, promptTokens: tokens, memory } = receipt
  const { windowTokens, answerTokens, countedBy, ...parts } = receipt.parts ?? {}
  return Response.json({
    provider,
    model,
    parameters,
    messages,
    tokens,
    parts: receipt.parts && parts,
    countedBy: countedBy ?? null,
    windowTokens: windowTokens ?? null,
    answerTokens: answerTokens ?? null,
    leftOut: receipt.leftOut,
    origin: receipt.origin,
    timings: receipt.timings,
    memory,
    createdAt: receipt.createdAt.toISOString(),
  })
})
