import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startOpenAiServer } from '../../../../test/openai-server'

import { PATCH } from './[providerId]/route'
import { GET, POST } from './route'

import { PUT as SELECT } from '@/app/api/selection/route'

const NONE = { params: Promise.resolve({}) }
const SECRET = 'gateway-secret-4711'

type Answer = {
  provider: { id: string; hasKey: boolean; options: { headerNames?: string[] } }
  error: { code: string; detail?: { name: string } }
}

async function connect(baseUrl: string, headers: Record<string, string>, more: object = {}) {
  const response = await POST(
    jsonRequest('/api/providers', 'POST', { baseUrl, headers, ...more }),
    NONE,
  )
  return { status: response.status, ...((await response.json()) as Answer) }
}

async function change(providerId: string, body: object) {
  const response = await PATCH(jsonRequest(`/api/providers/${providerId}`, 'PATCH', body), {
    params: Promise.resolve({ providerId }),
  })
  return { status: response.status, ...((await response.json()) as Answer) }
}

describe('extra headers', () => {
  it('go with lists and with questions, and their values nowhere else', async () => {
    const { lines, store } = await startRuntime()
    const openai = await startOpenAiServer()
    const { provider } = await connect(openai.url, { 'X-Gateway-Key': SECRET, 'x-team': 'blue' })
    expect(provider).toMatchObject({
      hasKey: true,
      options: { headerNames: ['X-Gateway-Key', 'x-team'] },
    })
    expect(openai.headers).toMatchObject({ 'x-gateway-key': SECRET, 'x-team': 'blue' })

    await SELECT(jsonRequest('/', 'PUT', { providerId: provider.id, model: 'tiny' }), NONE)
    expect((await say('What is my dog afraid of?')).metadata?.status).toBe('complete')
    expect(openai.completions).toHaveLength(1)
    expect(openai.headers).toMatchObject({ 'x-gateway-key': SECRET, 'x-team': 'blue' })

    const listed = await (await GET(new Request('http://127.0.0.1:3000/'), NONE)).text()
    const rows = JSON.stringify(await store.providers.list())
    expect(listed + rows + lines.join('')).not.toContain(SECRET)
  })

  it('are changed one by one: what is not written again keeps its value', async () => {
    const { store } = await startRuntime()
    const openai = await startOpenAiServer()
    const { provider } = await connect(openai.url, { 'x-key': SECRET, 'x-team': 'blue' })
    const changed = await change(provider.id, { headers: { 'x-key': null, 'x-room': '7' } })
    expect(changed.provider.options.headerNames).toEqual(['x-key', 'x-room'])
    expect(openai.headers).toMatchObject({ 'x-key': SECRET, 'x-room': '7' })
    expect(openai.headers).not.toHaveProperty('x-team')
    expect((await store.providers.find(provider.id))?.headers).toEqual({
      'x-key': SECRET,
      'x-room': '7',
    })

    expect((await change(provider.id, { name: 'Mine' })).status).toBe(200)
    expect(openai.headers).toMatchObject({ 'x-key': SECRET, 'x-room': '7' })
    expect((await change(provider.id, { headers: {} })).provider.hasKey).toBe(false)
    expect(openai.headers).not.toHaveProperty('x-key')
  })

  it('may take the place of the key', async () => {
    await startRuntime()
    const openai = await startOpenAiServer()
    await connect(openai.url, { Authorization: 'Api-Key abc' }, { apiKey: 'sk-other' })
    expect(openai.keys).toEqual(['Api-Key abc'])
  })

  it.each([
    ['Host', 'evil.example', 'header_reserved'],
    ['content-length', '3', 'header_reserved'],
    ['Transfer-Encoding', 'chunked', 'header_reserved'],
    ['Connection', 'close', 'header_reserved'],
    ['Proxy-Authorization', 'Basic x', 'header_reserved'],
    ['X-Forwarded-For', '1.2.3.4', 'header_reserved'],
    ['cookie', 'a=b', 'header_reserved'],
    ['Sec-Fetch-Site', 'same-origin', 'header_reserved'],
    ['x team', 'blue', 'header_invalid'],
    ['x-team:', 'blue', 'header_invalid'],
    ['', 'blue', 'header_invalid'],
    ['x-team', 'blue\r\nhost: evil.example', 'header_invalid'],
    ['x-team', 'синий', 'header_invalid'],
    ['x-team', '  ', 'header_invalid'],
  ])('%s: %j is refused by name before anybody is asked', async (name, value, code) => {
    const { store } = await startRuntime()
    const openai = await startOpenAiServer()
    const { status, error } = await connect(openai.url, { 'x-fine': 'yes', [name]: value })
    expect([status, error.code, error.detail]).toEqual([422, code, { name }])
    expect(openai.keys).toEqual([])
    expect(await store.providers.list()).toEqual([])
  })

  it('are refused twice under one name, and where there is no value to keep', async () => {
    const { store } = await startRuntime()
    const openai = await startOpenAiServer()
    const twice = await connect(openai.url, { 'X-Team': 'a', 'x-team': 'b' })
    expect(twice.error).toMatchObject({ code: 'header_twice', detail: { name: 'x-team' } })
    const { provider } = await connect(openai.url, { 'x-key': SECRET })
    const unknown = await change(provider.id, { headers: { 'x-key': null, 'x-new': null } })
    expect(unknown.error).toMatchObject({ code: 'header_invalid', detail: { name: 'x-new' } })
    expect((await store.providers.find(provider.id))?.headers).toEqual({ 'x-key': SECRET })
  })
})
