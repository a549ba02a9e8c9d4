import { InvalidRequest } from '@/errors'

const PASTED_ENDPOINTS = /\/(chat\/completions|completions|models|embeddings)\/?$/

/**
 * The addresses to try for what a person wrote, best first. Documentation gives base URLs with and
 * without `/v1`, and people paste whole endpoints.
 *
 * @throws InvalidRequest invalid_url
 */
export function baseUrlCandidates(written: string): string[] {
  const text = written.trim()
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`
  if (!URL.canParse(withScheme)) throw new InvalidRequest('invalid_url', 'not an address')
  const url = new URL(withScheme)
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new InvalidRequest('invalid_url', 'not an http(s) address without credentials')
  }
  const path = url.pathname.replace(PASTED_ENDPOINTS, '').replace(/\/+$/, '')
  const base = `${url.origin}${path}`
  return /\/v\d+\w*$/.test(path) ? [base] : [`${base}/v1`, base]
}
