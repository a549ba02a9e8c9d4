import { expect, it } from 'vitest'

import { startOpenAiServer } from '../../test/openai-server'

import type { Model } from './answerer'
import { createRegistry, type Server } from './registry'
import { retryAfterMs } from './retry'

import { DEFAULTS } from '@/chat/settings'

const row = { id: 'p', kind: 'openai', name: 'P', apiKey: null, headers: {}, options: {} } as const

it.each([
  ['OpenRouter', { context_length: 163_840 }, 163_840],
  ['vLLM', { max_model_len: 16_384 }, 16_384],
  ['llama.cpp', { meta: { n_ctx_train: 32_768, n_params: 1 } }, 32_768],
  [
    'llama.cpp that says what it was started with',
    { meta: { n_ctx: 4_096, n_ctx_train: 8 } },
    4_096,
  ],
  ['LM Studio', { max_context_length: 131_072, loaded_context_length: 4_096 }, 4_096],
  ['Ollama, which does not say', {}, 8_192],
  ['nonsense', { context_length: 'long', meta: 7 }, 8_192],
])('takes the window that the list tells: %s', async (_name, about, windowTokens) => {
  const wire = await startOpenAiServer()
  wire.about = about
  const server: Server = { ...row, baseUrl: wire.url }
  const registry = createRegistry({ localModelUrl: '' })
  await registry.list(server, 5_000)
  const limits = (of: Server) => {
    const selection = { providerId: 'p', model: 'tiny' }
    return (registry.resolve(selection, of, DEFAULTS.generation) as Model).limits
  }
  expect(limits(server).windowTokens).toBe(windowTokens)
  expect(limits(server).promptTokens).toBe(windowTokens - 1024)
  expect(limits({ ...server, options: { windowTokens: 2_000 } }).promptTokens).toBe(1_000)
})

it('sends extra headers besides the key', async () => {
  const wire = await startOpenAiServer()
  const server: Server = {
    ...{ ...row, baseUrl: wire.url, apiKey: 'k' },
    headers: { 'X-Team': 'archive' },
  }
  await createRegistry({ localModelUrl: '' }).list(server, 5_000)
  expect(wire.headers).toMatchObject({ authorization: 'Bearer k', 'x-team': 'archive' })
})

it.each([
  ['5', 5_000],
  ['0.5', 500],
  ['Mon, 23 Nov 2026 12:00:10 GMT', 10_000],
  ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ['soon', null],
  ['', null],
  [null, null],
])('reads Retry-After %j', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2026-11-23T12:00:00Z'))).toBe(ms)
})
