import { APICallError, JSONParseError, RetryError, TypeValidationError } from 'ai'

import { isProviderFailure, ProviderFailure } from '@/errors'

/** Words with which servers say that a prompt is longer than the model's window. */
const TOO_LONG =
  /context[ _-]?(length|window|size)|maximum context|too (long|large|many tokens)|exceed\w* .{0,40}(context|token)/i
const QUOTA = /insufficient[_ ]quota|quota|billing|credit|balance|payment/i
const MODEL = /model/i
const NO_MODEL = /model.{0,80}(not (found|exist)|unknown|does not exist)|no such model/i
const REFUSED = /content[_ ](filter|management|policy)|blacklist|moderation/i

/** OpenSSL's and Node's names for a certificate that cannot be trusted (Node's tls documentation). */
const CERTIFICATE = /^(CERT_|ERR_TLS_CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET_ISSUER|VERIFY))/

function codeOfStatus(status: number, body: string): string {
  switch (status) {
    case 401:
      return 'provider_unauthorized'
    case 403:
      return QUOTA.test(body) ? 'provider_quota' : 'provider_forbidden'
    case 402:
      return 'provider_quota'
    case 404:
      return MODEL.test(body) ? 'provider_model_missing' : 'provider_not_found'
    case 413:
      return 'provider_too_long'
    case 429:
      return QUOTA.test(body) ? 'provider_quota' : 'provider_rate_limited'
    case 400:
    case 422:
      return codeOfBody(body) ?? 'provider_invalid_request'
    default:
      return codeOfBody(body) ?? 'provider_error'
  }
}

/** null: the words say nothing that is known. */
function codeOfBody(body: string): string | null {
  if (TOO_LONG.test(body)) return 'provider_too_long'
  if (NO_MODEL.test(body)) return 'provider_model_missing'
  if (REFUSED.test(body)) return 'provider_content_filter'
  if (/insufficient[_ ]quota/i.test(body)) return 'provider_quota'
  if (/rate.?limit|too many requests/i.test(body)) return 'provider_rate_limited'
  return null
}

/** fetch reports every failed connection as TypeError (fetch standard, 5.6); undici closes with `terminated`. */
function isConnectionError(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    // The SDK's word for a request that got no answer.
    (APICallError.isInstance(error) && error.statusCode === undefined) ||
    (error instanceof DOMException && error.name === 'TimeoutError') ||
    (error instanceof Error && isConnectionError(error.cause))
  )
}

function isCertificateError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code } = error as NodeJS.ErrnoException
  return (typeof code === 'string' && CERTIFICATE.test(code)) || isCertificateError(error.cause)
}

/** By HTTP status and body of an answer that is not 2xx. The body stays out of the error: it may echo the key. */
export function failureOfResponse(status: number, body: string): ProviderFailure {
  return new ProviderFailure(codeOfStatus(status, body), `the provider answered ${status}`, {
    detail: { status },
  })
}

/**
 * Whatever the AI SDK or fetch throws, or an error object inside a stream, as a ProviderFailure.
 * `started`: tokens had come, so a lost connection is an answer cut off, not an unreachable server.
 */
export function providerFailure(error: unknown, started: boolean): ProviderFailure {
  if (isProviderFailure(error)) return error
  if (RetryError.isInstance(error)) return providerFailure(error.lastError, started)
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 400) {
    return failureOfResponse(error.statusCode, error.responseBody ?? '')
  }
  if (isCertificateError(error)) {
    return new ProviderFailure('provider_certificate', "the server's certificate is not trusted")
  }
  if (isConnectionError(error)) {
    return started
      ? new ProviderFailure(
          'provider_cut_off',
          'the connection was lost in the middle of the answer',
        )
      : new ProviderFailure('provider_unreachable', 'no connection to the provider')
  }
  if (JSONParseError.isInstance(error)) {
    return new ProviderFailure('provider_malformed', 'the provider sent what is no JSON')
  }
  // A chunk of another shape: perhaps an error in words of its own.
  if (TypeValidationError.isInstance(error)) return failureOfChunk(error.value)
  return failureOfWords(error)
}

/** What stood in a 200 stream instead of a piece of an answer. */
function failureOfChunk(value: unknown): ProviderFailure {
  const { error, message, status, code } = (value ?? {}) as Record<string, unknown>
  if (error !== undefined && error !== null) return failureOfWords(error)
  if (typeof message === 'string') return failureOfWords({ message, code: status ?? code })
  return new ProviderFailure('provider_malformed', 'the provider sent what is no answer')
}

/** An error object or sentence without an HTTP status of its own; some name one inside. */
function failureOfWords(error: unknown): ProviderFailure {
  const body =
    typeof error === 'string' ? error : error instanceof Error ? '' : JSON.stringify(error)
  const status = Number((error as { code?: unknown } | null)?.code)
  if (status >= 400 && status < 600) return failureOfResponse(status, body)
  return new ProviderFailure(
    codeOfBody(body ?? '') ?? 'provider_error',
    'the provider reported an error',
  )
}
