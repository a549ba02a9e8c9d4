import { describe, expect, it } from 'vitest'

import { jsonRequest, startRuntime } from '../../../../test/chat'
import { deadUrl, listen } from '../../../../test/listen'
import { startOpenAiServer } from '../../../../test/openai-server'
import { PUT as select } from '../selection/route'

import { DELETE as disconnect } from './[providerId]/route'
import { GET as discover } from './discovered/route'
import { GET as list, POST as connect } from './route'

const NONE = { params: Promise.resolve({}) }
const KEY = 'sk-secret-42'
type Listed = {
  providers: { id: string; models: string[]; available: boolean }[]
  selection: object
}

const get = (path: string) => new Request(`http://127.0.0.1:3000${path}`)
const post = (body: unknown) => connect(jsonRequest('/api/providers', 'POST', body), NONE)
const choose = (body: unknown) => select(jsonRequest('/api/selection', 'PUT', body), NONE)
const listed = async () => (await (await list(get('/api/providers'), NONE)).json()) as Listed
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('providers', () => {
  it('begin with quotations chosen, and the local model where it has an address', async () => {
    const { url } = await listen(() => expect.fail('asking would start it'))
    await startRuntime({ RAGGEN_WEB_LOCAL_MODEL_URL: url })
    expect(await listed()).toMatchObject({
      providers: [
        { id: 'quotations', kind: 'quotations', available: true },
        { id: 'local', kind: 'local', available: true, models: ['smollm2-135m-instruct'] },
      ],
      selection: { providerId: 'quotations', model: null },
    })
  })

  it('are connected by any address of theirs, chosen, and disconnected; the key never comes back', async () => {
    await startRuntime()
    const openai = await startOpenAiServer(['tiny', 'big'])
    const response = await post({ baseUrl: `${openai.origin}/v1/models`, apiKey: KEY })
    expect(response.status).toBe(201)
    const text = await response.text()
    const { provider } = JSON.parse(text) as { provider: { id: string } }
    expect(provider).toMatchObject({ baseUrl: openai.url, hasKey: true, models: ['tiny', 'big'] })
    expect(openai.keys).toEqual([`Bearer ${KEY}`])

    const chosen = await choose({ providerId: provider.id })
    expect(await chosen.json()).toEqual({ selection: { providerId: provider.id, model: 'tiny' } })
    expect(text + JSON.stringify(await listed())).not.toContain(KEY)
    expect(await codeOf(await post({ baseUrl: openai.origin }))).toBe('provider_exists')

    const params = Promise.resolve({ providerId: provider.id })
    expect((await disconnect(get('/'), { params })).status).toBe(204)
    expect((await listed()).providers).toHaveLength(2)
    expect((await listed()).selection).toEqual({ providerId: 'quotations', model: null })
  })

  it('that stopped answering are listed as unavailable, with the reason', async () => {
    await startRuntime()
    const openai = await startOpenAiServer()
    await post({ baseUrl: openai.url })
    await openai.close()
    expect((await listed()).providers.at(-1)).toMatchObject({
      available: false,
      models: [],
      errorCode: 'provider_unreachable',
    })
  })

  it('are refused with a reason', async () => {
    const { store, lines } = await startRuntime()
    const openai = await startOpenAiServer()
    openai.behaviour = 'unauthorized'
    const website = await listen((_request, response) => response.end('<html>'))
    expect(await codeOf(await post({ baseUrl: openai.url, apiKey: KEY }))).toBe(
      'provider_unauthorized',
    )
    expect(await codeOf(await post({ baseUrl: await deadUrl() }))).toBe('provider_unreachable')
    expect(await codeOf(await post({ baseUrl: website.url }))).toBe('provider_not_found')
    expect(await codeOf(await post({ baseUrl: 'ftp://x' }))).toBe('invalid_url')
    expect(await codeOf(await post({ baseUrl: openai.url, apiKey: 'a\nb' }))).toBe(
      'invalid_request',
    )
    expect(await store.providers.list()).toEqual([])
    expect(lines.join('')).not.toContain(KEY)
  })

  it('cannot be chosen when they are not there or offer no model', async () => {
    await startRuntime()
    const openai = await startOpenAiServer([])
    const { provider } = (await (await post({ baseUrl: openai.url })).json()) as {
      provider: { id: string }
    }
    expect(await codeOf(await choose({ providerId: provider.id }))).toBe('provider_model_missing')
    expect(await codeOf(await choose({ providerId: 'nobody' }))).toBe('provider_unknown')
    expect((await listed()).selection).toMatchObject({ providerId: 'quotations' })
  })

  it('are discovered until they are connected', async () => {
    const openai = await startOpenAiServer()
    await startRuntime({ RAGGEN_WEB_DISCOVERY_URLS: `Ollama=${openai.origin}` })
    const found = async () => (await discover(get('/api/providers/discovered'), NONE)).json()
    expect(await found()).toEqual({
      servers: [{ name: 'Ollama', baseUrl: openai.url, models: ['tiny'] }],
    })
    await post({ name: 'Ollama', baseUrl: openai.url })
    expect(await found()).toEqual({ servers: [] })
  })
})
