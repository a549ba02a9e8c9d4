import type { ProviderFailure } from '@/errors'

/** Three requests in all. */
export const MAX_RETRIES = 2
const FIRST_DELAY_MS = 400
/** Whoever asks to wait for longer is not waited for: the person is told instead. */
const LONGEST_DELAY_MS = 20_000

/** What may be better in a moment: overload, a restart, a model being loaded. A quota is not. */
const PASSING_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504, 529])
const PASSING_CODES = new Set(['provider_unreachable', 'provider_cut_off'])

function isPassing({ code, detail }: ProviderFailure): boolean {
  if (code === 'provider_quota') return false
  return PASSING_CODES.has(code) || PASSING_STATUSES.has(Number(detail?.status))
}

/** Retry-After in milliseconds (RFC 9110, 10.2.3: seconds or a date); null when it says nothing usable. */
export function retryAfterMs(header: string | null | undefined, now = Date.now()): number | null {
  if (header === null || header === undefined || header.trim() === '') return null
  const seconds = Number(header)
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000
  return Number.isNaN(ms) ? null : Math.max(0, ms)
}

/**
 * How long to wait before asking again, in milliseconds; null: asking again makes no sense.
 *
 * @param attempt how many requests failed before this one
 * @param asked what Retry-After said, in milliseconds
 */
export function retryDelay(
  failure: ProviderFailure,
  attempt: number,
  asked: number | null,
): number | null {
  if (attempt >= MAX_RETRIES || !isPassing(failure)) return null
  const delay = asked ?? FIRST_DELAY_MS * 2 ** attempt * (1 + Math.random() / 4)
  return delay > LONGEST_DELAY_MS ? null : delay
}

/** Resolves after `ms`, rejects at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
