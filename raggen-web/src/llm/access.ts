import type { Server } from './server'

import type { ProviderFailure } from '@/errors'
import { REQUEST_ID_HEADER } from '@/request-id'
import { currentRequestId } from '@/request-scope'

/** How one server is spoken to: its address, its certificate, its key, and its own words for failures. */
export type Access = {
  baseUrl: string
  /** Of undici or the platform; trusts the server's own certificate where it has one. */
  fetch: typeof fetch
  /** Authorization and the like. @throws ProviderFailure where a token must be fetched first. */
  headers: (signal?: AbortSignal) => Promise<Record<string, string>>
  /** Forgets the token in these headers, which was refused; asking once more then makes sense. */
  renew?: (refused: Record<string, string>) => void
  /** The same failure in this provider's words, such as which role is missing. */
  explain: (failure: ProviderFailure) => ProviderFailure
}

/**
 * The id under which both services log this request, so that it can be followed to its provider. OpenAI
 * and Yandex log what comes as X-Client-Request-Id.
 */
export function traceHeaders(): Record<string, string> {
  const id = currentRequestId()
  return id === undefined ? {} : { [REQUEST_ID_HEADER]: id, 'x-client-request-id': id }
}

/** Headers as a server's settings have them: names have no case, and one of ours gives way to its own. */
export function ownHeaders(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

/** A server that takes its key as a bearer token, and no certificate but the usual ones. */
export function plainAccess({
  baseUrl,
  apiKey,
  headers,
}: Pick<Server, 'baseUrl' | 'apiKey'> & { headers?: Record<string, string> }): Access {
  return {
    baseUrl,
    fetch,
    headers: async () => ({
      ...traceHeaders(),
      ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
      ...ownHeaders(headers),
    }),
    explain: (failure) => failure,
  }
}
