import { isBrokenCircuitError } from 'cockatiel'

/** raggen-embed did not answer, or said that it cannot now: worth asking again later. */
export class EmbedUnavailable extends Error {
  override name = 'EmbedUnavailable'
  constructor(
    message: string,
    /** undefined: no HTTP answer at all. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** Why a search had no answer: in a word, for whoever counts. */
export function whyUnanswered(error: unknown): 'timed_out' | 'breaker_open' | 'down' | 'refused' {
  if (!(error instanceof EmbedUnavailable)) return 'refused'
  if (isBrokenCircuitError(error.cause)) return 'breaker_open'
  for (let at: unknown = error.cause; at instanceof Error; at = at.cause) {
    if (at.name === 'TimeoutError') return 'timed_out'
  }
  return 'down'
}
