import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
} from 'cockatiel'

import { EmbedUnavailable } from './unavailable'

import { meters } from '@/metrics/meters'

/** So many searches in a row without an answer, and the next ones are not even asked. */
const FAILURES = 3
/** Then one is asked again: so soon that its return is noticed at once. */
export const HALF_OPEN_AFTER_MS = 1_000

/** The person went away: that says nothing about raggen-embed. */
function isAbandoned(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as Error | undefined)?.name !== 'TimeoutError'
}

/** Nothing, or a failure of its own. A refusal of the key or of the load is an answer. */
function isSilence(error: unknown): error is EmbedUnavailable {
  return error instanceof EmbedUnavailable && (error.status === undefined || error.status >= 500)
}

/**
 * Searches stop waiting for a raggen-embed that hangs: without it, every chat would wait for the whole
 * deadline, as long as it hangs.
 */
export function createCircuit(): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  const abandoned = new WeakSet<Error>()
  const policy = circuitBreaker(
    handleWhen((error) => isSilence(error) && !abandoned.has(error)),
    { breaker: new ConsecutiveBreaker(FAILURES), halfOpenAfter: HALF_OPEN_AFTER_MS },
  )
  policy.onStateChange((state) => meters().breakerOpen.set(state === CircuitState.Open ? 1 : 0))
  policy.onBreak(() => meters().breakerOpened.inc())
  return async (work, signal) => {
    try {
      return await policy.execute(async () => {
        try {
          return await work()
        } catch (error) {
          if (error instanceof Error && isAbandoned(signal)) abandoned.add(error)
          throw error
        }
      })
    } catch (cause) {
      if (!(cause instanceof BrokenCircuitError)) throw cause
      throw new EmbedUnavailable('raggen-embed has not answered lately', undefined, { cause })
    }
  }
}
