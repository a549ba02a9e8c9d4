import { describe, expect, it } from 'vitest'

import { countWith } from './counting'
import { estimateTokens } from './tokens'

import type { Model } from '@/llm/answerer'
import { createLogger } from '@/log'

function model(countTokens?: Model['countTokens']): Model {
  const limits = { windowTokens: 8192, answerTokens: 1024, promptTokens: 7168 }
  return {
    kind: 'model',
    serverKind: 'openai',
    providerId: 'p',
    model: 'm',
    limits: { ...limits, contextItems: 8, brief: false, silenceMs: 1000 },
    parameters: {},
    countTokens,
    stream: () => {
      throw new Error('counting asks no model')
    },
  }
}

function counting(countTokens?: Model['countTokens'], signal = new AbortController().signal) {
  const lines: string[] = []
  const log = createLogger('debug', (line) => lines.push(line))
  return countWith(model(countTokens), ['раз', 'два', 'раз', ''], { log, signal }).then(
    (counted) => ({
      ...counted,
      lines,
    }),
  )
}

describe('counting', () => {
  it('is the tokenizer’s where there is one, each text asked about once', async () => {
    const asked: string[][] = []
    const { by, count } = await counting(async (texts) => {
      asked.push(texts)
      return texts.map((_, at) => at + 40)
    })
    expect(asked).toEqual([['раз', 'два']])
    expect([by, count('раз'), count('два')]).toEqual(['tokenizer', 40, 41])
    expect(count('three')).toBe(estimateTokens('three'))
  })

  it('is estimated where there is none', async () => {
    const { by, count } = await counting()
    expect([by, count('раз')]).toEqual(['estimate', estimateTokens('раз')])
  })

  it.each<[string, Model['countTokens']]>([
    ['fails', async () => Promise.reject(new Error('HTTP 500'))],
    [
      'throws at once',
      () => {
        throw new Error('no key')
      },
    ],
    ['counts too few', async () => [1]],
    ['counts nonsense', async () => [1, Number.NaN]],
    ['never answers and ignores its signal', () => new Promise(() => {})],
  ])('is estimated where the tokenizer %s', async (_how, countTokens) => {
    const startedAt = performance.now()
    const { by, count, lines } = await counting(countTokens)
    expect([by, count('раз')]).toEqual(['estimate', estimateTokens('раз')])
    expect(performance.now() - startedAt).toBeLessThan(1500)
    expect(lines.join('')).toContain('tokens are estimated')
    expect(lines.join('')).not.toContain('раз')
  })

  it('ends with the answer', async () => {
    const { by, lines } = await counting(() => new Promise(() => {}), AbortSignal.abort('stopped'))
    expect(by).toBe('estimate')
    expect(lines).toEqual([])
  })
})
