import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { deadUrl, listen } from '../../../../test/listen'
import { startOpenAiServer } from '../../../../test/openai-server'
import { makeCertificates } from '../../../../test/providers/certificates'
import { GIGACHAT_KEY, startGigaChatServer } from '../../../../test/providers/gigachat-server'
import { startYandexServer, YANDEX } from '../../../../test/providers/yandex-server'
import { PUT as select } from '../selection/route'

import { POST as check } from './[providerId]/check/route'
import { DELETE as disconnect, PATCH as change } from './[providerId]/route'
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

  describe('of their own kinds', () => {
    it('are connected with what their kind needs, without an address', async () => {
      await startRuntime()
      expect(await codeOf(await post({ kind: 'yandexgpt', apiKey: 'k' }))).toBe(
        'provider_folder_missing',
      )
      expect(await codeOf(await post({ kind: 'gigachat' }))).toBe('provider_key_missing')
      const options = { certificate: 'nonsense' }
      const wrong = await post({ kind: 'gigachat', apiKey: 'k', options })
      expect(await codeOf(wrong)).toBe('invalid_certificate')
    })

    it('are listed with their options and never with a key or a certificate', async () => {
      const { store, lines } = await startRuntime()
      const certificates = makeCertificates()
      const wire = await startGigaChatServer(certificates)
      const certificate = certificates.ca
      const options = { authUrl: wire.authUrl, certificate, concurrency: 2 }
      const made = await post({
        kind: 'gigachat',
        baseUrl: wire.url,
        apiKey: GIGACHAT_KEY,
        options,
      })
      expect(made.status).toBe(201)
      expect((await listed()).providers.at(-1)).toMatchObject({
        kind: 'gigachat',
        name: 'GigaChat',
        source: 'settings',
        hasKey: true,
        models: ['GigaChat-2', 'GigaChat-2-Max'],
        options: { concurrency: 2, certificateName: 'Test Trusted Root CA' },
      })
      const seen = JSON.stringify(await listed()) + lines.join('')
      expect(seen).not.toMatch(/Z2lnYTpjaGF0|BEGIN CERTIFICATE|token-/)
      expect(await store.providers.list()).toHaveLength(1)
      expect(wire.tokensGiven).toBe(1)
    })

    it('from the environment are chosen and checked, never changed or removed', async () => {
      const wire = await startYandexServer()
      const { lines } = await startRuntime({
        RAGGEN_YANDEXGPT_API_KEY: YANDEX.key,
        RAGGEN_YANDEXGPT_FOLDER: YANDEX.folder,
        RAGGEN_YANDEXGPT_BASE_URL: wire.url,
      })
      const id = 'env-yandexgpt'
      expect((await listed()).providers.at(-1)).toMatchObject({ id, source: 'environment' })
      const params = Promise.resolve({ providerId: id })
      const patch = jsonRequest('/', 'PATCH', { name: 'Mine' })
      expect(await codeOf(await change(patch, { params }))).toBe('provider_environment')
      expect(await codeOf(await disconnect(get('/'), { params }))).toBe('provider_environment')
      expect((await check(get('/'), { params })).status).toBe(200)
      expect((await choose({ providerId: id })).status).toBe(200)
      const { text, metadata } = await say('What is Archie afraid of?')
      expect(text).toContain('thunder')
      expect(metadata).toMatchObject({ provider: id, status: 'complete' })
      expect(wire.logged).toBe(0)
      expect(lines.join('') + JSON.stringify(await listed())).not.toContain(YANDEX.key)
    })
  })

  it('are changed only to what works, and checked on request', async () => {
    const { store } = await startRuntime()
    const openai = await startOpenAiServer(['tiny', 'big'])
    const made = await post({
      baseUrl: openai.url,
      apiKey: KEY,
      headers: { 'x-team': 'hidden-77' },
    })
    const text = await made.text()
    expect(text).not.toContain('hidden-77')
    const { provider } = JSON.parse(text) as { provider: { id: string } }
    const params = Promise.resolve({ providerId: provider.id })
    const patch = (body: object) => change(jsonRequest('/', 'PATCH', body), { params })

    const changed = await patch({ name: 'Mine', options: { windowTokens: 4096 } })
    expect(await changed.json()).toMatchObject({
      provider: { name: 'Mine', options: { windowTokens: 4096, headerNames: ['x-team'] } },
    })
    expect(openai.keys.at(-1)).toBe(`Bearer ${KEY}`)
    expect(openai.headers).toMatchObject({ 'x-team': 'hidden-77' })
    await patch({ options: { windowTokens: null } })
    expect((await store.providers.find(provider.id))?.options).toEqual({ headerNames: ['x-team'] })

    const checked = await check(get('/'), { params })
    expect(await checked.json()).toMatchObject({ models: ['tiny', 'big'] })
    openai.behaviour = 'unauthorized'
    expect(await codeOf(await patch({ apiKey: 'sk-wrong' }))).toBe('provider_unauthorized')
    expect(await codeOf(await check(get('/'), { params }))).toBe('provider_unauthorized')
    expect((await store.providers.find(provider.id))?.apiKey).toBe(KEY)
    openai.behaviour = 'answer'
    expect((await patch({ apiKey: 'sk-new' })).status).toBe(200)
    expect(openai.keys.at(-1)).toBe('Bearer sk-new')
    const nobody = Promise.resolve({ providerId: 'nobody' })
    expect(await codeOf(await check(get('/'), { params: nobody }))).toBe('provider_unknown')
  })
})
