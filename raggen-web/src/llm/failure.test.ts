import { describe, expect, it } from 'vitest'

import { failureOfResponse, providerFailure } from './failure'

describe('failureOfResponse', () => {
  it.each([
    [401, '', 'provider_unauthorized'],
    [403, '', 'provider_forbidden'],
    [403, 'billing account is not active', 'provider_quota'],
    [402, 'Insufficient credits', 'provider_quota'],
    [404, '{"error":"model \'x\' not found"}', 'provider_model_missing'],
    [404, '<html>', 'provider_not_found'],
    [413, '', 'provider_too_long'],
    [429, 'Rate limit reached', 'provider_rate_limited'],
    [429, '{"code":"insufficient_quota"}', 'provider_quota'],
    [400, 'the request exceeds the available context size', 'provider_too_long'],
    [400, "This model's maximum context length is 4096 tokens", 'provider_too_long'],
    [400, 'The model `x` does not exist', 'provider_model_missing'],
    [422, 'temperature must be above 0', 'provider_invalid_request'],
    [400, 'flagged by our content management policy', 'provider_content_filter'],
    [503, 'Loading model', 'provider_error'],
  ])('%i %s → %s', (status, body, code) => {
    const failure = failureOfResponse(status, body)
    expect(failure).toMatchObject({ code, status: 502, detail: { status } })
  })

  it('never carries the body, which may echo the key', () => {
    const failure = failureOfResponse(401, 'Incorrect API key provided: sk-secret')
    expect(JSON.stringify([failure.message, failure.detail, failure.cause])).not.toContain('sk-')
  })
})

describe('providerFailure', () => {
  it.each([
    [new TypeError('fetch failed'), false, 'provider_unreachable'],
    [new TypeError('terminated'), true, 'provider_cut_off'],
    [new DOMException('late', 'TimeoutError'), false, 'provider_unreachable'],
    [{ message: 'out of memory', code: 500 }, true, 'provider_error'],
    [{ message: 'quota', code: 429 }, true, 'provider_quota'],
    ['rate limit', true, 'provider_rate_limited'],
    [null, true, 'provider_error'],
  ])('%s, started: %s → %s', (error, started, code) => {
    expect(providerFailure(error, started).code).toBe(code)
  })
})
