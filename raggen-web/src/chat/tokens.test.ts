import { expect, it } from 'vitest'

import { estimateTokens } from './tokens'

it.each([
  ['nothing', '', 0, 0],
  ['English', 'My dog is called Archie, he is afraid of thunder.', 12, 30],
  ['Russian', 'Мою собаку зовут Арчи.', 20, 30],
  ['digits', '3.14159265358979', 14, 20],
  ['emoji', '🐕🐕', 4, 6],
])('never guesses too few: %s', (_name, text, least, most) => {
  const tokens = estimateTokens(text)
  expect(tokens).toBeGreaterThanOrEqual(least)
  expect(tokens).toBeLessThanOrEqual(most)
})
