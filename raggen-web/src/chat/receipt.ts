import type { Memory } from './message'
import type { Prompt } from './prompt'
import type { Outcome } from './stream'

import type { Store } from '@/db/store'
import type { Answerer } from '@/llm/answerer'

/**
 * Step 6, first half, before the provider is asked: exactly what will be sent and what it stands on.
 * Written early so that an answer that a crash cuts off has its receipt too.
 */
export async function openReceipt(
  store: Store,
  answerId: string,
  answerer: Answerer,
  prompt: Prompt,
  memory: Memory,
): Promise<void> {
  await store.receipts.open({
    answerId,
    provider: answerer.providerId,
    model: answerer.model,
    parameters: answerer.kind === 'model' ? answerer.parameters : {},
    messages: prompt.messages,
    promptTokens: prompt.tokens,
    memory: { ...memory, items: prompt.items },
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
