import { describe, expect, it } from 'vitest'

import { asksOnly, earlierTurns } from './earlier'
import type { Turn } from './prompt'

const said = (...texts: string[]): Turn[] =>
  texts.map((text, index) => ({ id: `m${index}`, role: 'user', text }))

describe('earlier turns', () => {
  it("are the person's last three, oldest first", () => {
    const history = [
      ...said('a', 'b', 'c', 'd'),
      { id: 'x', role: 'assistant' as const, text: 'e' },
    ]
    expect(earlierTurns(history).map(({ text }) => text)).toEqual(['b', 'c', 'd'])
    expect(earlierTurns([])).toEqual([])
  })

  it('have words: raggen-embed refuses a search with one that has none', () => {
    expect(earlierTurns(said('a', '', ' \n', '\u200b', '\u001c', '\u0085'))).toEqual(said('a'))
  })
})

describe('a turn that only asks', () => {
  it.each([
    'What is my dog afraid of?',
    'what is my dog afraid of',
    'And why?',
    'Is it thunder??',
    'Чего боится моя собака?',
    'чего боится собака',
    'а почему он боится',
    'Мою собаку зовут Арчи?',
  ])('%s', (text) => {
    expect(asksOnly(text)).toBe(true)
  })

  it.each([
    'My dog Archie is afraid of thunder.',
    'My dog is Archie. What is he afraid of?',
    'Арчи боится грозы!\nА чего боится Муся?',
    'Как я и говорил, Арчи боится грозы',
    'Whatever it is',
    'Чтобы не забыть',
    'Собаку зовут Арчи',
  ])('not: %s', (text) => {
    expect(asksOnly(text)).toBe(false)
  })
})
