import { describe, expect, it } from 'vitest'

import { startYandexServer, YANDEX } from '../../test/providers/yandex-server'

import type { AnswerStream, Model } from './answerer'
import { createRegistry, type Server } from './registry'

import { DEFAULTS, type GenerationSettings } from '@/chat/settings'

const QUESTION = [{ role: 'user' as const, content: 'What is Archie afraid of?' }]
const signal = () => AbortSignal.timeout(15_000)

async function start() {
  const wire = await startYandexServer()
  const server: Server = {
    ...{ id: 'y', kind: 'yandexgpt', name: 'YandexGPT', baseUrl: wire.url },
    ...{ apiKey: YANDEX.key, headers: {}, options: { folder: YANDEX.folder } },
  }
  const registry = createRegistry({ localModelUrl: '' })
  const model = (name: string, generation: GenerationSettings = DEFAULTS.generation) =>
    registry.resolve({ providerId: 'y', model: name }, server, generation) as Model
  return { wire, server, registry, model }
}

async function read(stream: AnswerStream): Promise<string> {
  let text = ''
  for await (const piece of stream) text += piece
  return text
}

describe('YandexGPT', () => {
  it('names the folder, forbids logging, and says so in the receipt', async () => {
    const { wire, model } = await start()
    const asked = model('yandexgpt/latest', { temperature: 1.7, maxTokens: 50, systemPrompt: null })
    expect(await read(asked.stream(QUESTION, signal()))).toContain('thunder')
    expect(wire.completions[0]).toMatchObject({
      model: `gpt://${YANDEX.folder}/yandexgpt/latest`,
      temperature: 1,
      max_tokens: 50,
    })
    expect(wire.logged).toBe(0)
    expect(asked.parameters).toEqual({
      temperature: 1,
      max_tokens: 50,
      'x-data-logging-enabled': false,
    })
    expect(asked.limits).toMatchObject({ windowTokens: 32_768, answerTokens: 50 })
  })

  it('offers what writes text', async () => {
    const { registry, server } = await start()
    const models = await registry.list(server, 5_000)
    expect(models.map(({ id }) => id)).toEqual([
      `gpt://${YANDEX.folder}/yandexgpt/latest`,
      `gpt://${YANDEX.folder}/yandexgpt-lite/latest`,
      `gpt://${YANDEX.folder}/qwen3-235b-a22b-fp8/latest`,
    ])
  })

  it('counts tokens of its own models, in the order of the texts', async () => {
    const { wire, model } = await start()
    const own = model(`gpt://${YANDEX.folder}/yandexgpt/latest`)
    expect(await own.countTokens?.(['a b c', 'a', 'a b'], signal())).toEqual([3, 1, 2])
    expect(wire.tokenized).toHaveLength(3)
    expect(model('qwen3-235b-a22b-fp8/latest').countTokens).toBeUndefined()
  })

  it.each([
    ['the key', { apiKey: 'AQVN-other' }, 'provider_unauthorized'],
    ['the folder', { options: { folder: 'b1gother' } }, 'provider_yandex_role'],
  ])('says what is wrong with %s', async (_name, change, code) => {
    const { registry, server } = await start()
    await expect(registry.list({ ...server, ...change }, 5_000)).rejects.toMatchObject({ code })
  })
})
