import { NextRequest } from 'next/server'
import { describe, expect, it } from 'vitest'

import { proxy, refusal } from './proxy'

const headers = (values: Record<string, string>) =>
  new Headers({ host: '127.0.0.1:3000', ...values })

describe('refusal', () => {
  it.each([
    ['GET', { host: 'localhost:3000' }, null],
    ['GET', { host: '[::1]:3000' }, null],
    ['GET', { host: 'LOCALHOST' }, null],
    ['GET', { host: 'evil.example:3000' }, 'forbidden_host'],
    ['GET', { host: '127.0.0.1.evil.example' }, 'forbidden_host'],
    ['GET', { host: '' }, 'forbidden_host'],
    ['POST', {}, null],
    ['POST', { origin: 'http://127.0.0.1:3000' }, null],
    ['POST', { origin: 'http://127.0.0.1:3001' }, 'forbidden_origin'],
    ['POST', { origin: 'https://evil.example' }, 'forbidden_origin'],
    ['POST', { origin: 'null' }, 'forbidden_origin'],
    ['DELETE', { 'sec-fetch-site': 'cross-site' }, 'forbidden_origin'],
    ['DELETE', { 'sec-fetch-site': 'same-site' }, 'forbidden_origin'],
    ['PUT', { 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1:3000' }, null],
    ['GET', { 'sec-fetch-site': 'cross-site' }, null],
    ['POST', { 'content-type': 'application/json' }, null],
    ['POST', { 'content-type': 'text/plain;charset=UTF-8' }, 'unsupported_media_type'],
    ['PUT', { 'content-type': 'multipart/form-data; boundary=x' }, 'unsupported_media_type'],
    ['DELETE', { 'content-type': 'Application/X-WWW-Form-Urlencoded' }, 'unsupported_media_type'],
    ['GET', { 'content-type': 'text/plain' }, null],
  ])('%s %o → %s', (method, values, code) => {
    expect(refusal(method, headers(values as Record<string, string>))).toBe(code)
  })
})

describe('proxy', () => {
  const request = (values: Record<string, string> = {}) =>
    proxy(new NextRequest('http://127.0.0.1:3000/', { headers: headers(values) }))

  it('gives every response a policy with its own nonce and no other origin', () => {
    const policies = [request(), request()].map(
      (response) => response.headers.get('content-security-policy') ?? '',
    )
    expect(policies[0]).not.toBe(policies[1])
    expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/=]{24}' 'strict-dynamic';/)
    expect(policies[0]).not.toMatch(/https?:|unsafe-eval|\*/)
  })

  it('keeps a well-formed request id and replaces another', () => {
    expect(request({ 'x-request-id': 'abc-123' }).headers.get('x-request-id')).toBe('abc-123')
    const id = request({ 'x-request-id': 'a b' }).headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('refuses another host before any handler sees the request', async () => {
    const response = request({ host: 'evil.example' })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden_host' } })
  })
})
