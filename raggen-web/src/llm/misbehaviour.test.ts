import { randomUUID } from 'node:crypto'

import { beforeAll, describe, expect, it } from 'vitest'

import en from '../../messages/en'
import ru from '../../messages/ru'
import { say, startRuntime, stop } from '../../test/chat'
import { startOpenAiServer } from '../../test/openai-server'
import { makeCertificates, type Certificates } from '../../test/providers/certificates'
import { GIGACHAT_KEY, startGigaChatServer } from '../../test/providers/gigachat-server'
import type { Behaviour } from '../../test/providers/misbehaviour'
import { startYandexServer, YANDEX } from '../../test/providers/yandex-server'

import { SILENCE_MS } from './limits'

import type { Runtime } from '@/runtime'

const SILENCE = 1_500
const WHOLE = 'Archie is afraid of thunder.'
const FIRST = 'Archie '

type Expected = {
  status: 'complete' | 'failed'
  code?: string
  text: string
  /** Completions that the provider was asked for. */
  requests: number
}
const whole = (requests = 1, code?: string): Expected => {
  return { status: 'complete', code, text: WHOLE, requests }
}
const failed = (code: string, text = '', requests = 1): Expected => {
  return { status: 'failed', code, text, requests }
}

/** [behaviour, how many requests meet it, what becomes of the answer] */
const CASES: [Behaviour, number, Expected][] = [
  ['answer', 1, whole()],
  ['slow', 9, whole()],
  ['thinking', 9, whole()],
  ['no-usage', 9, whole()],
  ['payment', 9, failed('provider_quota')],
  ['forbidden', 9, failed('provider_forbidden')],
  ['model-missing', 9, failed('provider_model_missing')],
  ['nothing-here', 9, failed('provider_not_found')],
  ['too-large', 9, failed('provider_too_long')],
  ['too-long', 9, failed('provider_too_long')],
  ['unprocessable', 9, failed('provider_invalid_request')],
  ['request-timeout', 1, whole(2)],
  ['rate-limited', 9, failed('provider_rate_limited', '', 3)],
  ['rate-limited-briefly', 1, whole(2)],
  ['rate-limited-long', 9, failed('provider_rate_limited')],
  ['quota', 9, failed('provider_quota')],
  ['broken', 9, failed('provider_error', '', 3)],
  ['broken', 2, whole(3)],
  ['bad-gateway', 9, failed('provider_error', '', 3)],
  ['loading', 1, whole(2)],
  ['gateway-timeout', 9, failed('provider_error', '', 3)],
  ['redirect', 9, failed('provider_unreachable', '', 3)],
  ['not-a-stream', 9, failed('provider_cut_off', '', 3)],
  ['silent', 9, failed('provider_stalled')],
  ['stall-at-start', 9, failed('provider_stalled')],
  ['keep-alive-only', 9, failed('provider_stalled')],
  ['close-at-once', 9, failed('provider_unreachable', '', 3)],
  ['close-before-text', 1, whole(2)],
  ['malformed-at-start', 9, failed('provider_malformed')],
  ['error-at-start', 1, whole(2)],
  ['error-at-start', 9, failed('provider_error', '', 3)],
  ['empty', 9, failed('provider_empty')],
  ['refused-at-start', 9, failed('provider_content_filter')],
  ['stall', 9, failed('provider_stalled', FIRST)],
  ['close-half-way', 9, failed('provider_cut_off', FIRST)],
  ['malformed', 9, failed('provider_malformed', FIRST)],
  ['wrong-shape', 9, failed('provider_malformed', FIRST)],
  ['error-in-stream', 9, failed('provider_error', FIRST)],
  ['sentence-in-stream', 9, failed('provider_error', FIRST)],
  ['no-end', 9, failed('provider_cut_off', WHOLE)],
  ['no-finish-reason', 9, whole(1, 'provider_no_finish_reason')],
  ['length', 9, whole(1, 'provider_length')],
  ['content-filter', 9, failed('provider_content_filter', WHOLE)],
  ['blacklist', 9, failed('provider_content_filter', WHOLE)],
  ['gave-up', 9, failed('provider_error', WHOLE)],
]

/** Where one wire differs: GigaChat's token may have run out, Yandex names role and billing. */
const DIFFERENT: Record<string, [Behaviour, number, Expected][]> = {
  'OpenAI wire': [['unauthorized', 1, failed('provider_unauthorized')]],
  'Yandex wire': [
    ['unauthorized', 1, failed('provider_unauthorized')],
    ['forbidden', 9, failed('provider_yandex_role')],
    ['payment', 9, failed('provider_yandex_quota')],
    ['quota', 9, failed('provider_yandex_quota')],
  ],
  'GigaChat wire': [
    ['unauthorized', 1, whole(2)],
    ['unauthorized', 9, failed('provider_unauthorized', '', 2)],
  ],
}

type Wire = { behaviour: Behaviour; times: number; completions: object[] }
const row = { id: 'p', name: 'P', headers: {} }
const never = () => false

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})

/** A provider of each kind, connected and chosen. */
const WIRES: Record<string, (store: Runtime['store']) => Promise<Wire>> = {
  async 'OpenAI wire'({ providers, settings }) {
    const wire = await startOpenAiServer()
    const server = { kind: 'openai', baseUrl: wire.url, apiKey: 'sk-secret-42', options: {} }
    await providers.add({ ...row, ...server }, never, new Date())
    await settings.select({ providerId: 'p', model: 'tiny' })
    return wire
  },
  async 'Yandex wire'({ providers, settings }) {
    const wire = await startYandexServer()
    const options = { folder: YANDEX.folder }
    const server = { kind: 'yandexgpt', baseUrl: wire.url, apiKey: YANDEX.key, options }
    await providers.add({ ...row, ...server }, never, new Date())
    await settings.select({ providerId: 'p', model: 'yandexgpt/latest' })
    return wire
  },
  async 'GigaChat wire'({ providers, settings }) {
    const wire = await startGigaChatServer(certificates)
    const options = { authUrl: wire.authUrl, certificate: certificates.ca }
    const server = { kind: 'gigachat', baseUrl: wire.url, apiKey: GIGACHAT_KEY, options }
    await providers.add({ ...row, ...server }, never, new Date())
    await settings.select({ providerId: 'p', model: 'GigaChat-2' })
    return wire
  },
}

function casesOf(name: string): [Behaviour, number, Expected][] {
  const own = DIFFERENT[name] ?? []
  const same = ([a, n]: (typeof CASES)[number]) => own.some(([b, m]) => a === b && n === m)
  return [...CASES.filter((row) => !same(row)), ...own]
}

describe.each(Object.entries(WIRES))('%s', (name, connect) => {
  it.each(casesOf(name))('%s, %i times', async (behaviour, times, expected) => {
    const { store, lines } = await startRuntime({
      RAGGEN_WEB_PROVIDER_SILENCE_MS: String(SILENCE),
    })
    const wire = await connect(store)
    Object.assign(wire, { behaviour, times })
    const startedAt = performance.now()
    const { text, metadata, messageId } = await say('What is Archie afraid of?')
    const { status, code, requests } = expected
    expect({ text, status: metadata?.status, code: metadata?.errorCode }).toEqual({
      text: expected.text,
      status,
      code,
    })
    expect(wire.completions).toHaveLength(requests)
    // Retries wait for a second or two; nothing else may last.
    expect(performance.now() - startedAt).toBeLessThan(SILENCE + 6_000)
    const kept = await store.messages.find(messageId)
    expect(kept).toMatchObject({ status, text: expected.text, errorCode: code ?? null })
    if (code) {
      expect(en.errors).toHaveProperty(code)
      expect(ru.errors).toHaveProperty(code)
    }
    expect(lines.join('')).not.toMatch(/sk-secret-42|AQVN|Z2lnYTpjaGF0|token-\d|Archie/)
  })
})

describe('an answer without end', () => {
  it.each([
    ['hundred-thousand', 200_000],
    ['endless', 1],
  ] as const)(
    '%s is cut or stopped, and kept',
    async (behaviour, atLeast) => {
      const { store } = await startRuntime()
      const wire = await WIRES['OpenAI wire']!(store)
      Object.assign(wire, { behaviour })
      const chatId = randomUUID()
      const { messageId } = await say('Go on', {
        chatId,
        onChunk: ({ type }) => {
          if (behaviour === 'endless' && type === 'text-delta') void stop(chatId)
        },
      })
      const kept = await store.messages.find(messageId)
      expect(kept?.status).not.toBe('streaming')
      expect(kept?.text.length).toBeGreaterThanOrEqual(atLeast)
      expect(wire.completions).toHaveLength(1)
    },
    60_000,
  )
})

it('says in the stream that an answer waits for its turn', async () => {
  const { store } = await startRuntime()
  const wire = await WIRES['GigaChat wire']!(store)
  wire.behaviour = 'slow'
  const answers = await Promise.all([say('What is Archie afraid of?'), say('And Bella?')])
  expect(answers.map(({ text }) => text)).toEqual([WHOLE, WHOLE])
  const waiting = answers.map(({ chunks }) =>
    chunks
      .filter(({ type }) => type === 'data-waiting')
      .map((chunk) => 'data' in chunk && chunk.data),
  )
  expect(waiting.flat()).toEqual([{ for: 'turn' }])
})

it('waits for half a minute of silence, no longer', async () => {
  expect(SILENCE_MS).toBe(30_000)
  const { env, registry } = await startRuntime()
  expect(env.providerSilenceMs).toBe(SILENCE_MS)
  const server = { ...row, kind: 'openai', baseUrl: 'http://127.0.0.1:9/v1' } as const
  const generation = { temperature: null, maxTokens: null, systemPrompt: null }
  const made = registry.resolve(
    { providerId: 'p', model: 'm' },
    { ...server, apiKey: null, options: {} },
    generation,
  )
  expect(made?.limits.silenceMs).toBe(SILENCE_MS)
})
