import type { Outcome } from './stream'

import type { Answerer } from '@/llm/answerer'
import { meters } from '@/metrics/meters'

/** A label for who answers: not the model, whose name people write. */
export function kindOf(answerer: Answerer): string {
  return answerer.kind === 'model' ? answerer.serverKind : 'quotations'
}

/**
 * Tells Prometheus how an answer went: raggen's own part of the time and the provider's apart.
 *
 * @param arrivedAt performance.now() when the question came; called when the answer is kept.
 */
export function measureAnswer(answerer: Answerer, outcome: Outcome, arrivedAt: number): void {
  const kind = kindOf(answerer)
  const { status, errorCode, firstTokenMs, totalMs } = outcome
  const tookMs = performance.now() - arrivedAt
  meters().answers.inc({ kind, outcome: status })
  if (errorCode !== null) meters().answerFailures.inc({ kind, code: errorCode })
  meters().answerSeconds.observe({ kind }, tookMs / 1000)
  meters().ownSeconds.observe({ kind }, Math.max(0, tookMs - totalMs) / 1000)
  if (answerer.kind !== 'model') return
  meters().providerSeconds.observe({ kind }, totalMs / 1000)
  if (firstTokenMs !== null) {
    meters().providerFirstWordsSeconds.observe({ kind }, firstTokenMs / 1000)
  }
}
