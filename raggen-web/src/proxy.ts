import { NextResponse, type NextRequest } from 'next/server'

import { parseAllowedHosts } from './env'
import { REQUEST_ID_HEADER, requestId } from './request-id'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']
const ALLOWED_HOSTS = new Set([...LOOPBACK, ...parseAllowedHosts(process.env)])
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const FORM_TYPES = /^\s*(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i

function hostname(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

/**
 * Why a request is refused, or null. Host: a page of another site whose name was pointed at 127.0.0.1
 * (DNS rebinding) sends its own. Origin and Sec-Fetch-Site: browsers say which site makes a request
 * that changes something (CSRF); programs without a browser send neither. What a page can send to
 * another site without asking first, a form, has one of three content types: raggen takes none of them.
 */
export function refusal(method: string, headers: Headers): string | null {
  const host = headers.get('host') ?? ''
  if (!ALLOWED_HOSTS.has(hostname(host))) return 'forbidden_host'
  if (SAFE_METHODS.has(method)) return null
  if (FORM_TYPES.test(headers.get('content-type') ?? '')) return 'unsupported_media_type'
  const origin = headers.get('origin')
  if (origin !== null && (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase())) {
    return 'forbidden_origin'
  }
  const site = headers.get('sec-fetch-site')
  return site === null || site === 'same-origin' || site === 'none' ? null : 'forbidden_origin'
}

/**
 * Only this origin, and only scripts that carry this response's nonce. Styles may be inline: the
 * components set them on elements. In development React needs eval and Next a web socket.
 */
function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export function proxy(request: NextRequest): NextResponse {
  const id = requestId(request.headers)
  const code = refusal(request.method, request.headers)
  if (code !== null) {
    return NextResponse.json(
      { error: { code, requestId: id } },
      { status: 403, headers: { [REQUEST_ID_HEADER]: id } },
    )
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64')
  const policy = contentSecurityPolicy(nonce)
  const headers = new Headers(request.headers)
  headers.set(REQUEST_ID_HEADER, id)
  headers.set('x-nonce', nonce)
  headers.set('content-security-policy', policy) // Next takes the nonce for its own scripts from here.
  const response = NextResponse.next({ request: { headers } })
  response.headers.set(REQUEST_ID_HEADER, id)
  response.headers.set('content-security-policy', policy)
  return response
}

export const config = {
  // Files of the build are the same for everybody and hold nothing of anybody's. An imported file
  // would be buffered on its way through here, and cut off: its route asks `refusal` itself.
  matcher: ['/((?!_next/static|icon.svg|api/import$).*)'],
}
