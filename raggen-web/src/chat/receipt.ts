import type { Composed } from './compose'
import type { Outcome } from './stream'

import type { Store } from '@/db/store'
import type { Answerer } from '@/llm/answerer'
import { REQUEST_ID_HEADER } from '@/request-id'

/**
 * Step 6, first half, before the provider is asked: exactly what will be sent and what it stands on.
 * Written early so that an answer that a crash cuts off has its receipt too.
 */
export async function openReceipt(
  store: Store,
  answerId: string,
  answerer: Answerer,
  composed: Composed,
  requestId: string,
): Promise<void> {
  const { messages, tokens, parts, leftOut, origin, memory } = composed
  await store.receipts.open({
    answerId,
    provider: answerer.providerId,
    model: answerer.model,
    // Its id goes with it over the wire: by it, the provider's support finds a request, too.
    parameters:
      answerer.kind === 'model' ? { ...answerer.parameters, [REQUEST_ID_HEADER]: requestId } : {},
    messages,
    promptTokens: tokens,
    parts,
    leftOut,
    origin,
    memory,
    createdAt: new Date(),
  })
}

/** Step 6, second half: the answer, its status and timings, and its outbox row, in one transaction. */
export async function closeReceipt(
  store: Store,
  answerId: string,
  outcome: Outcome,
): Promise<void> {
  await store.receipts.close({ answerId, ...outcome, at: new Date() })
}
