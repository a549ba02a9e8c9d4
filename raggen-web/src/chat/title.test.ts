import { expect, it } from 'vitest'

import { modelTitle, titleOf } from './title'

it('is the first message on one line', () => {
  expect(titleOf('  What is\nmy dog   afraid of? ')).toBe('What is my dog afraid of?')
})

it('is cut between words, and never through a character', () => {
  expect(titleOf('Собака '.repeat(20))).toBe(`${'Собака '.repeat(8).trim()}…`)
  expect(titleOf('🐕'.repeat(80))).toBe(`${'🐕'.repeat(60)}…`)
})

it.each([
  ['Archie fears thunder', 'Archie fears thunder'],
  ['«Собака боится грозы».', 'Собака боится грозы'],
  ['**Title:** "Archie\'s Fears"\n\nI chose it because…', "Archie's Fears"],
  ['Название: Поездка в Карелию', 'Поездка в Карелию'],
  ['<think>The user wants a title.</think>\n\n# Thunder and dogs', 'Thunder and dogs'],
  ['What is a monad?', 'What is a monad?'],
  ['C++ и Rust', 'C++ и Rust'],
  ['One two three four five six seven', 'One two three four five six…'],
])('is taken out of what a model replied: %j', (reply, title) => {
  expect(modelTitle(reply)).toBe(title)
})

it.each(['', ' \n\u200b', '"…"', '<think>It never ends', 'word '.repeat(11)])(
  'is none where a model replied with no title: %j',
  (reply) => {
    expect(modelTitle(reply)).toBeNull()
  },
)
