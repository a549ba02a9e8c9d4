import { randomUUID } from 'node:crypto'

import { z } from 'zod'

import { boundedText, safeJson } from './body'
import { failureOfResponse, providerFailure } from './failure'

import { ProviderFailure } from '@/errors'

export type TokenSource = {
  /** A token that is good for a minute at least. @throws ProviderFailure */
  token: () => Promise<string>
  /** This token was refused: the next one is fetched. */
  forget: (refused: string) => void
}

const REFRESH_BEFORE_MS = 60_000
const TIMEOUT_MS = 10_000
const Answer = z.object({ access_token: z.string().min(1), expires_at: z.number().positive() })

/** `expires_at` in milliseconds: the client library takes it for those, an example of the docs shows seconds. */
export function expiryMs(expiresAt: number): number {
  return expiresAt < 100_000_000_000 ? expiresAt * 1000 : expiresAt
}

/** GigaChat's words for a key of another version of the API: codes 5 and 7, "scope …". */
function failureOfAuth(status: number, body: string): ProviderFailure {
  if (status === 400 && /scope/i.test(body)) {
    return new ProviderFailure('provider_gigachat_scope', 'the key is for another scope', {
      detail: { status },
    })
  }
  // "Can't decode 'Authorization' header": what was entered is no key.
  const code = status === 400 ? 401 : status
  return failureOfResponse(code, body)
}

/** GigaChat's access tokens: kept until a minute before their end, one refresh in flight however many ask. */
export function createTokenSource(options: {
  authUrl: string
  authKey: string
  scope: string
  fetch: typeof fetch
}): TokenSource {
  let kept: { token: string; until: number } | null = null
  let refresh: Promise<string> | null = null

  async function fetchToken(): Promise<string> {
    let status: number
    let body: string
    try {
      const response = await options.fetch(options.authUrl, {
        method: 'POST',
        headers: {
          authorization: `Basic ${options.authKey}`,
          rquid: randomUUID(),
          accept: 'application/json',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `scope=${options.scope}`,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
        cache: 'no-store',
      })
      status = response.status
      body = await boundedText(response, noToken)
    } catch (error) {
      throw providerFailure(error, false)
    }
    if (status < 200 || status >= 300) throw failureOfAuth(status, body)
    const parsed = Answer.safeParse(safeJson(body))
    if (!parsed.success) throw noToken()
    const { access_token: token, expires_at: expiresAt } = parsed.data
    kept = { token, until: expiryMs(expiresAt) - REFRESH_BEFORE_MS }
    return token
  }

  return {
    token() {
      if (kept && Date.now() < kept.until) return Promise.resolve(kept.token)
      refresh ??= fetchToken().finally(() => (refresh = null))
      return refresh
    },
    forget(refused) {
      // Somebody else may have fetched a new one since.
      if (kept?.token === refused) kept = null
    },
  }
}

function noToken(): ProviderFailure {
  return new ProviderFailure('provider_not_found', 'the address gives out no tokens')
}
