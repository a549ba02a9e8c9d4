import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { GET as getOwn, PUT as putOwn } from '../chats/[chatId]/settings/route'

import { GET, PUT } from './route'

import { DEFAULTS, type ChatSettings } from '@/chat/settings'

const NO_PARAMS = { params: Promise.resolve({}) }
const request = (path: string) => new Request(`http://127.0.0.1:3000${path}`)
const of = (chatId: string) => ({ params: Promise.resolve({ chatId }) })

async function put(body: unknown) {
  const response = await PUT(jsonRequest('/api/settings', 'PUT', body), NO_PARAMS)
  return { status: response.status, body: (await response.json()) as object }
}

async function putChat(chatId: string, body: unknown) {
  const path = `/api/chats/${chatId}/settings`
  const response = await putOwn(jsonRequest(path, 'PUT', body), of(chatId))
  return { status: response.status, body: (await response.json()) as object }
}

async function getChat(chatId: string) {
  const response = await getOwn(request(`/api/chats/${chatId}/settings`), of(chatId))
  return { status: response.status, body: (await response.json()) as object }
}

describe('the defaults', () => {
  it('are read and written whole', async () => {
    await startRuntime()
    const before = await GET(request('/api/settings'), NO_PARAMS)
    expect(await before.json()).toEqual({ defaults: DEFAULTS })
    const defaults = {
      generation: { temperature: 0, maxTokens: 400, systemPrompt: 'Коротко.' },
      context: { ...DEFAULTS.context, enabled: false, languages: ['ru'] },
    }
    expect(await put(defaults)).toEqual({ status: 200, body: { defaults } })
    const after = await GET(request('/api/settings'), NO_PARAMS)
    expect(await after.json()).toEqual({ defaults })
  })

  it.each([
    ['a field is missing', { ...DEFAULTS, generation: { temperature: 1 } }],
    ['too hot', { ...DEFAULTS, generation: { ...DEFAULTS.generation, temperature: 2.1 } }],
    ['no item', { ...DEFAULTS, context: { ...DEFAULTS.context, count: 0 } }],
    [
      'no chat',
      { ...DEFAULTS, context: { ...DEFAULTS.context, scope: { kind: 'chats', chatIds: [] } } },
    ],
    ['no settings', null],
  ])('are refused when wrong: %s', async (_why, body) => {
    await startRuntime()
    expect(await put(body)).toMatchObject({
      status: 422,
      body: { error: { code: 'invalid_request' } },
    })
    const after = await GET(request('/api/settings'), NO_PARAMS)
    expect(await after.json()).toEqual({ defaults: DEFAULTS })
  })
})

describe('the settings of a chat', () => {
  it('hold over the defaults, field by field, until they are taken back', async () => {
    await startRuntime()
    const chatId = randomUUID()
    await say('My dog is called Archie.', { chatId })
    const selection = { providerId: 'local', model: null }
    const settings: ChatSettings = {
      selection,
      generation: { temperature: 0.1 },
      context: { count: 2, scope: { kind: 'this-chat' } },
    }
    const effective = {
      selection,
      generation: { ...DEFAULTS.generation, temperature: 0.1 },
      context: { ...DEFAULTS.context, count: 2, scope: { kind: 'this-chat' } },
    }
    expect(await putChat(chatId, settings)).toEqual({ status: 200, body: { settings, effective } })
    expect(await getChat(chatId)).toEqual({ status: 200, body: { settings, effective } })

    await put({
      ...DEFAULTS,
      generation: { ...DEFAULTS.generation, maxTokens: 50, temperature: 1 },
    })
    expect((await getChat(chatId)).body).toMatchObject({
      effective: { generation: { temperature: 0.1, maxTokens: 50 } },
    })
    await putChat(chatId, {})
    expect((await getChat(chatId)).body).toEqual({
      settings: { generation: {}, context: {} },
      effective: {
        selection: { providerId: 'quotations', model: null },
        generation: { temperature: 1, maxTokens: 50, systemPrompt: null },
        context: DEFAULTS.context,
      },
    })
  })

  it('need a chat, and are refused when wrong', async () => {
    await startRuntime()
    expect(await getChat(randomUUID())).toMatchObject({ status: 404 })
    expect(await putChat(randomUUID(), {})).toMatchObject({ status: 404 })
    const chatId = randomUUID()
    await say('My dog is called Archie.', { chatId })
    expect(await putChat(chatId, { context: { count: 51 } })).toMatchObject({ status: 422 })
  })
})
