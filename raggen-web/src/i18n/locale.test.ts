import { expect, it } from 'vitest'

import { chooseLocale } from './locale'

it.each([
  ['ru', 'en', 'ru'],
  [undefined, 'ru-RU,ru;q=0.9,en;q=0.8', 'ru'],
  [undefined, 'de, en;q=0.4, ru;q=0.7', 'ru'],
  [undefined, 'ru;q=0, en', 'en'],
  ['xx', 'fr', 'en'],
  [undefined, null, 'en'],
])('cookie %s, Accept-Language %s → %s', (cookie, header, locale) => {
  expect(chooseLocale(cookie, header)).toBe(locale)
})
