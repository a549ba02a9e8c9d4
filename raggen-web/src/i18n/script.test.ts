import { expect, it } from 'vitest'

import { languageByScript } from './script'

it.each([
  ['Где Archie?', 'en'],
  ['Чего боится Archie?', 'ru'],
  ['What is борщ?', 'en'],
  ['42 🐕', null],
])('%s → %s', (text, language) => {
  expect(languageByScript(text)).toBe(language)
})
