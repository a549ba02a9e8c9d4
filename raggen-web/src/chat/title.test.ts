import { expect, it } from 'vitest'

import { titleOf } from './title'

it('is the first message on one line', () => {
  expect(titleOf('  What is\nmy dog   afraid of? ')).toBe('What is my dog afraid of?')
})

it('is cut between words, and never through a character', () => {
  expect(titleOf('Собака '.repeat(20))).toBe(`${'Собака '.repeat(8).trim()}…`)
  expect(titleOf('🐕'.repeat(80))).toBe(`${'🐕'.repeat(60)}…`)
})
