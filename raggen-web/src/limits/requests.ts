import { createHmac, randomBytes } from 'node:crypto'

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

import { TooManyRequests } from '@/errors'
import { meters } from '@/metrics/meters'

/**
 * What requests cost: `ask` asks a model, `heavy` reads or writes much
 * or asks other servers, `read` and `write` are everything else.
 */
export const BUDGETS = ['ask', 'heavy', 'write', 'read'] as const
export type Budget = (typeof BUDGETS)[number]

/** So many requests in so many seconds; `requests` 0: as many as somebody likes. */
export type Rate = { requests: number; seconds: number }
export type Rates = Record<Budget, Rate>

export type RequestLimits = {
  /** Counts a request. @throws TooManyRequests too_many_requests */
  take: (budget: Budget, client: string) => Promise<void>
}

/**
 * Clients share this many counters in each budget: memory stays below some 30 MB whoever asks. Few
 * people share a counter by chance, and nobody can look for somebody else's: the hash has a key.
 */
const COUNTERS = 2 ** 14

function counterOf(client: string, key: Buffer): string {
  const hash = createHmac('sha256', key).update(client).digest()
  return String(hash.readUInt32BE(0) % COUNTERS)
}

/** Counts requests of each client, apart in each budget. */
export function createRequestLimits(rates: Rates): RequestLimits {
  const key = randomBytes(32)
  const limiters = new Map(
    BUDGETS.filter((budget) => rates[budget].requests > 0).map((budget) => {
      const { requests, seconds } = rates[budget]
      return [budget, new RateLimiterMemory({ points: requests, duration: seconds })]
    }),
  )
  return {
    async take(budget, client) {
      try {
        await limiters.get(budget)?.consume(counterOf(client, key))
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        meters().refused.inc({ limit: budget })
        const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000))
        throw new TooManyRequests('too_many_requests', `too many requests (${budget})`, {
          detail: { seconds },
        })
      }
    },
  }
}
