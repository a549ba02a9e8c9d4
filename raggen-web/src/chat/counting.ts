import { estimateTokens } from './tokens'

import type { Model } from '@/llm/answerer'
import { errorFields, type Logger } from '@/log'

/** How the tokens of a prompt were counted: by the provider's tokenizer, or by the estimate of tokens.ts. */
export type CountedBy = 'tokenizer' | 'estimate'

export type Counting = { by: CountedBy; count: (text: string) => number }

export const ESTIMATING: Counting = { by: 'estimate', count: estimateTokens }

/** A tokenizer is another service to wait for before the first token: it must be quick or is not asked. */
const DEADLINE_MS = 400

/**
 * Counts `texts` with the model's own tokenizer where it has one that answers in time, all by one way:
 * a sum of counts and estimates would be neither. Texts that were not asked about are estimated. Never
 * throws.
 */
export async function countWith(
  model: Model,
  texts: string[],
  { log, signal }: { log: Logger; signal: AbortSignal },
): Promise<Counting> {
  const { countTokens } = model
  if (!countTokens) return ESTIMATING
  const asked = [...new Set(texts.filter((text) => text !== ''))]
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)])
    const counts = await orAborted(async () => countTokens(asked, deadline), deadline)
    const known = new Map(asked.map((text, at) => [text, counts[at]]))
    if (![...known.values()].every((count) => Number.isInteger(count) && Number(count) >= 0)) {
      throw new TypeError('the tokenizer did not count every text')
    }
    return { by: 'tokenizer', count: (text) => known.get(text) ?? estimateTokens(text) }
  } catch (error) {
    if (!signal.aborted) log.warn('tokens are estimated', errorFields(error))
    return ESTIMATING
  }
}

/** What `work` gives, or a rejection as soon as `signal` aborts, whether or not `work` heeds it. */
async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort)
  try {
    return await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
