import { beforeAll, describe, expect, it } from 'vitest'

import { makeCertificates, type Certificates } from '../../test/providers/certificates'
import { GIGACHAT_KEY, startGigaChatServer } from '../../test/providers/gigachat-server'

import type { AnswerStream, Model } from './answerer'
import { connectGigaChat, systemFirst } from './gigachat'
import { expiryMs } from './gigachat-token'
import { createRegistry, type Server } from './registry'

import { DEFAULTS } from '@/chat/settings'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})

const QUESTION = [{ role: 'user' as const, content: 'What is Archie afraid of?' }]
const signal = () => AbortSignal.timeout(15_000)

async function start(change: Partial<Server['options']> = {}) {
  const wire = await startGigaChatServer(certificates)
  const server: Server = {
    id: 'g',
    kind: 'gigachat',
    name: 'GigaChat',
    baseUrl: wire.url,
    apiKey: GIGACHAT_KEY,
    headers: {},
    options: { authUrl: wire.authUrl, certificate: certificates.ca, ...change },
  }
  const registry = createRegistry({ localModelUrl: '' })
  const model = (generation = DEFAULTS.generation, of = server) =>
    registry.resolve({ providerId: 'g', model: 'GigaChat-2' }, of, generation) as Model
  return { wire, server, registry, model }
}

async function read(stream: AnswerStream): Promise<string> {
  let text = ''
  for await (const piece of stream) text += piece
  return text
}

describe('tokens', () => {
  it('are fetched once for all who ask at the same time, and kept', async () => {
    const { wire, registry, server } = await start()
    wire.authDelayMs = 200
    const lists = await Promise.all(Array.from({ length: 10 }, () => registry.list(server, 5_000)))
    expect(lists[9]?.map(({ id }) => id)).toEqual(['GigaChat-2', 'GigaChat-2-Max'])
    await registry.list(server, 5_000)
    expect(wire.tokensGiven).toBe(1)
  })

  it.each([
    ['in milliseconds', false],
    ['in seconds', true],
  ])('are refreshed a minute before their end, given %s', async (_name, seconds) => {
    const { wire, registry, server } = await start()
    Object.assign(wire, { seconds, tokenLifeMs: 59_000 })
    await registry.list(server, 5_000)
    await registry.list(server, 5_000)
    expect(wire.tokensGiven).toBe(2)
    wire.tokenLifeMs = 30 * 60_000
    await registry.list(server, 5_000)
    await registry.list(server, 5_000)
    expect(wire.tokensGiven).toBe(3)
  })

  it('are fetched anew once when one was withdrawn before its time', async () => {
    const { wire, registry, server, model } = await start()
    await registry.list(server, 5_000)
    wire.token = 'another'
    expect(await read(model().stream(QUESTION, signal()))).toContain('thunder')
    expect(wire.tokensGiven).toBe(2)
    expect(wire.completions).toHaveLength(1)
  })

  it('reads both ways of writing an end', () => {
    expect(expiryMs(1_706_026_848)).toBe(1_706_026_848_000)
    expect(expiryMs(1_706_026_848_841)).toBe(1_706_026_848_841)
  })
})

describe('headers of its own', () => {
  it.each(['Authorization', 'authorization'])('take the place of ours: %s', async (name) => {
    const { server } = await start()
    const headers = { [name]: 'Bearer of-the-gateway', 'X-Team': 'blue' }
    const { access } = connectGigaChat({ ...server, headers })
    const sent = new Headers(await access.headers())
    expect(sent.get('authorization')).toBe('Bearer of-the-gateway')
    expect(sent.get('x-team')).toBe('blue')
  })
})

describe('one stream at a time', () => {
  it('queues the others, says that they wait, and answers all', async () => {
    const { wire, model } = await start()
    wire.behaviour = 'slow'
    const waiting: string[] = []
    const texts = await Promise.all(
      [1, 2, 3].map(() =>
        read(model().stream(QUESTION, signal(), (reason) => waiting.push(reason))),
      ),
    )
    expect(texts).toEqual(Array(3).fill('Archie is afraid of thunder.'))
    expect(wire.mostStreams).toBe(1)
    expect(waiting).toEqual(['turn', 'turn'])
  })

  it('passes the turn on when an answer is stopped, waiting or half-written', async () => {
    const { wire, model } = await start()
    wire.behaviour = 'endless'
    const first = new AbortController()
    const stream = model().stream(QUESTION, first.signal)
    expect((await stream.next()).value).toBe('Archie ')
    const second = new AbortController()
    const stopped = read(model().stream(QUESTION, second.signal))
    second.abort(new Error('stopped'))
    await expect(stopped).rejects.toThrow('stopped')
    const third = read(model().stream(QUESTION, signal()))
    wire.behaviour = 'answer'
    first.abort() // Nobody reads `stream` any more: its signal alone gives the turn back.
    expect(await third).toContain('thunder')
  })
})

describe('its rules', () => {
  it('has one system message, which comes first', async () => {
    const { wire, model } = await start()
    const messages = [
      { role: 'system' as const, content: 'Be brief.' },
      ...QUESTION,
      { role: 'system' as const, content: 'Be kind.' },
    ]
    await read(model().stream(messages, signal()))
    const system = { role: 'system', content: 'Be brief.\n\nBe kind.' }
    expect(wire.completions[0]?.messages).toEqual([system, ...QUESTION])
    expect(systemFirst(QUESTION)).toEqual(QUESTION)
  })

  it('never sends a temperature of 0', async () => {
    const { wire, model } = await start()
    const asked = model({ temperature: 0, maxTokens: 77, systemPrompt: null })
    await read(asked.stream(QUESTION, signal()))
    expect(wire.completions[0]).toMatchObject(asked.parameters)
    expect(asked.parameters).toEqual({ temperature: 0.01, max_tokens: 77 })
    expect(asked.limits).toMatchObject({ windowTokens: 32_768, answerTokens: 77 })
  })

  it('counts tokens with its own tokenizer', async () => {
    const { wire, model } = await start()
    expect(await model().countTokens?.(['one', 'fourteen'], signal())).toEqual([3, 8])
    expect(wire.counted).toEqual([['one', 'fourteen']])
  })
})

describe('what is wrong with its settings', () => {
  it.each([
    ['another scope', { scope: 'GIGACHAT_API_CORP' }, {}, 'provider_gigachat_scope'],
    ['no certificate', { certificate: undefined }, {}, 'provider_gigachat_certificate'],
    ['another key', {}, { apiKey: 'd3Jvbmc=' }, 'provider_unauthorized'],
  ] as const)('is said: %s', async (_name, options, change, code) => {
    const { registry, server, model } = await start(options)
    const wrong = { ...server, ...change }
    await expect(registry.list(wrong, 5_000)).rejects.toMatchObject({ code })
    const asked = model(DEFAULTS.generation, wrong).stream(QUESTION, signal())
    await expect(read(asked)).rejects.toMatchObject({ code })
  })

  it('trusts the certificate for its own hosts, and teaches it to nobody else', async () => {
    const { registry, server, wire } = await start()
    await registry.list(server, 5_000)
    await expect(fetch(wire.url)).rejects.toThrow('fetch failed')
    const plain: Server = { ...server, id: 'o', kind: 'openai' }
    await expect(registry.list(plain, 5_000)).rejects.toMatchObject({
      code: 'provider_certificate',
    })
  })
})
