import { describe, expect, it, vi } from 'vitest'

import { readLength } from './answer-length-setting'
import { chatLayer, countOwn, defaultsLayer } from './layer'
import { strictness } from './relevance-setting'

import { DEFAULTS, type ChatSettings, type Defaults } from '@/chat/settings'

const OWN: ChatSettings = { generation: { temperature: 0.2 }, context: { count: 3 } }

describe('what one chat sets', () => {
  const mine: Defaults = { ...DEFAULTS, context: { ...DEFAULTS.context, count: 5, recency: 0.4 } }

  it('stands over the defaults', () => {
    const { values } = chatLayer(OWN, mine, vi.fn())
    expect(values.context).toMatchObject({ count: 3, recency: 0.4 })
    expect(values.generation.temperature).toBe(0.2)
    expect(countOwn(OWN)).toBe(2)
  })

  it('goes back singly: the key itself is gone, the others stay', () => {
    const change = vi.fn()
    const layer = chatLayer(OWN, mine, change)
    layer.resetContext('count')
    expect(change).toHaveBeenLastCalledWith({ generation: { temperature: 0.2 }, context: {} })
    layer.resetGeneration('temperature')
    expect(change).toHaveBeenLastCalledWith({ generation: {}, context: { count: 3 } })
    expect(OWN.context).toEqual({ count: 3 })
  })

  it('is its own even where it says the same as the defaults', () => {
    const layer = chatLayer({ generation: {}, context: { count: 5 } }, mine, vi.fn())
    expect(layer.isContextSet('count')).toBe(true)
    expect(layer.isContextSet('recency')).toBe(false)
  })

  it('keeps who answers', () => {
    const change = vi.fn()
    const selection = { providerId: 'server-1', model: null }
    chatLayer({ ...OWN, selection }, mine, change).setContext({ enabled: false })
    expect(change.mock.lastCall?.[0]).toMatchObject({ selection, context: { enabled: false } })
  })
})

describe("the person's defaults", () => {
  it("are marked where they differ from raggen's own, and go back to them", () => {
    const change = vi.fn()
    const scope = { kind: 'chats' as const, chatIds: ['a'] }
    const layer = defaultsLayer({ ...DEFAULTS, context: { ...DEFAULTS.context, scope } }, change)
    expect(layer.isContextSet('scope')).toBe(true)
    expect(layer.isContextSet('languages')).toBe(false)
    layer.resetContext('scope')
    expect(change).toHaveBeenLastCalledWith(DEFAULTS)
  })
})

describe('a length that is typed', () => {
  it.each([
    ['', null],
    ['512', 512],
    ['1 000', 1000],
    ['100000', 100_000],
    ['0', undefined],
    ['100001', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['many', undefined],
  ])('%j is %j', (text, length) => {
    expect(readLength(text)).toBe(length)
  })
})

describe('a threshold in words', () => {
  // The words that items themselves are shown with: fair from .2, strong from .5.
  it.each([
    [0, 'anything'],
    [0.05, 'weak'],
    [0.2, 'fair'],
    [0.5, 'strong'],
    [0.95, 'strong'],
  ] as const)('%d lets through: %s', (least, words) => {
    expect(strictness(least)).toBe(words)
  })
})
