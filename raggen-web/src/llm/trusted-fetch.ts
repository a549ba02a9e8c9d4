import { rootCertificates } from 'node:tls'

import { Agent, fetch as undiciFetch } from 'undici'

/**
 * fetch that trusts `certificate` (PEM) besides the usual ones, on connections to `urls`' hosts alone.
 * An agent of its own: nothing else in the process learns to trust it.
 */
export function trustedFetch(certificate: string, urls: string[]): typeof fetch {
  const dispatcher = new Agent({ connect: { ca: [...rootCertificates, certificate] } })
  const hosts = new Set(urls.map((url) => new URL(url).host))
  const send = (input: string | URL, init?: object) => {
    const trusted = hosts.has(new URL(input).host)
    return undiciFetch(input, { ...init, ...(trusted && { dispatcher }) })
  }
  return send as unknown as typeof fetch
}
