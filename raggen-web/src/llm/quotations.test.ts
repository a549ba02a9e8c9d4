import { describe, expect, it } from 'vitest'

import { contextItem } from '../../test/context-item'

import { quotations, quotationsText } from './quotations'

import type { ContextItem } from '@/chat/message'

const item: typeof contextItem = (rank, text, change) =>
  contextItem(rank, text, { included: true, ...change })

const used = (...items: ContextItem[]) => ({ state: 'used' as const, items })

describe('quotationsText', () => {
  it('quotes the best sentence of each item, with its source, in both languages', () => {
    const text = '🐕 Good dog. He is afraid of thunder. He sleeps.'
    const memory = used(item(1, text, { highlights: [{ start: 12, end: 36 }] }))
    expect(quotationsText(memory, 'en')).toBe(
      'This is what you have told me:\n\n> He is afraid of thunder.\n\n— you, 8 May 2026, “Pets” [1]',
    )
    expect(quotationsText(memory, 'ru')).toContain('— вы, 8 мая 2026 г., «Pets» [1]')
  })

  it('keeps the numbers of the context list when an item is left out', () => {
    const text = quotationsText(
      used(item(1, 'One.', { included: false }), item(2, 'Two.', { speaker: 'assistant' })),
      'en',
    )
    expect(text).not.toContain('One.')
    expect(text).toContain('— an earlier answer, 8 May 2026, “Pets” [2]')
  })

  it('quotes the list that a sentence announces, a line each', () => {
    const intro = 'For the party:'
    const text = `${intro}\n\n- apples\n- wine\n\nSee you!`
    const memory = used(item(1, text, { highlights: [{ start: 0, end: intro.length }] }))
    expect(quotationsText(memory, 'en')).toContain(
      '> For the party:  \n> \\- apples  \n> \\- wine\n\n— you',
    )
  })

  it('clips a sentence that is a whole page', () => {
    const text = quotationsText(used(item(1, '🐕'.repeat(50_000))), 'en')
    expect(text).toContain(`> ${'🐕'.repeat(1_000)}…\n`)
    expect(text.length).toBeLessThan(2_200)
  })

  it('shows markdown from memory as plain words', () => {
    const hostile = '![x](https://evil.example/p.png)\n# <img src=x> **bold** `code`\n> - 1. quote'
    const text = quotationsText(used(item(1, hostile)), 'en')
    expect(text).not.toMatch(/(?<!\\)!\[|(?<!\\)<img|(?<!\\)\*\*|^#/m)
    const quote = text.split('\n').slice(2, 5)
    expect(quote.every((line) => line.startsWith('> '))).toBe(true)
  })

  it.each([
    ['nothing-relevant', 'Memory holds nothing relevant'],
    ['empty', 'Memory is still empty'],
    ['unavailable', 'memory service is not answering'],
    ['off', 'Memory is switched off'],
    ['used', 'no sentence that answers it'],
  ] as const)('says why there is nothing (%s), and how to connect a model', (state, sentence) => {
    const text = quotationsText({ state, items: [] }, 'en')
    expect(text).toContain(sentence)
    expect(text).toContain('Who answers?')
  })
})

describe('choose', () => {
  it('takes what can be quoted and is about as relevant as the best', () => {
    const chosen = quotations().choose([
      item(1, 'What is it?', { highlights: [], relevance: 0.95 }),
      item(2, 'It is this.', { relevance: 0.8 }),
      item(3, 'By the way.', { relevance: 0.2 }),
    ])
    expect(chosen.map(({ included }) => included)).toEqual([false, true, false])
  })

  it('quotes once what was said twice', () => {
    const chosen = quotations().choose([item(1, 'Archie is a dog.'), item(2, 'archie is a dog.')])
    expect(chosen.map(({ included }) => included)).toEqual([true, false])
  })

  it('takes five at most', () => {
    const items = Array.from({ length: 8 }, (_, index) => item(index + 1, `Fact ${index}.`))
    expect(
      quotations()
        .choose(items)
        .filter(({ included }) => included),
    ).toHaveLength(5)
  })
})
