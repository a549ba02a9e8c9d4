import { APICallError, RetryError } from 'ai'

import { isProviderFailure, ProviderFailure } from '@/errors'

/** Words with which servers say that a prompt is longer than the model's window. */
const TOO_LONG =
  /context[ _-]?(length|window|size)|maximum context|too (long|large|many tokens)|exceed\w* .{0,40}(context|token)/i
const QUOTA = /insufficient[_ ]quota|quota|billing|credit|balance/i
const MODEL = /model/i

function codeOfStatus(status: number, body: string): string {
  switch (status) {
    case 401:
    case 403:
      return 'provider_unauthorized'
    case 402:
      return 'provider_quota'
    case 404:
      return MODEL.test(body) ? 'provider_model_missing' : 'provider_not_found'
    case 413:
      return 'provider_too_long'
    case 429:
      return QUOTA.test(body) ? 'provider_quota' : 'provider_rate_limited'
    default:
      return codeOfBody(body)
  }
}

function codeOfBody(body: string): string {
  if (TOO_LONG.test(body)) return 'provider_too_long'
  if (/model.{0,80}(not (found|exist)|unknown|does not exist)|no such model/i.test(body)) {
    return 'provider_model_missing'
  }
  if (/insufficient[_ ]quota/i.test(body)) return 'provider_quota'
  if (/rate.?limit/i.test(body)) return 'provider_rate_limited'
  return 'provider_error'
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
  if (isConnectionError(error)) {
    return started
      ? new ProviderFailure(
          'provider_cut_off',
          'the connection was lost in the middle of the answer',
        )
      : new ProviderFailure('provider_unreachable', 'no connection to the provider')
  }
  const body =
    typeof error === 'string' ? error : error instanceof Error ? '' : JSON.stringify(error)
  const status = (error as { code?: unknown } | null)?.code
  if (typeof status === 'number' && status >= 400 && status < 600) {
    return failureOfResponse(status, body)
  }
  return new ProviderFailure(codeOfBody(body ?? ''), 'the provider reported an error')
}
