import { expect, it } from 'vitest'

import { plainText } from './plain-text'

it('reads markdown as words', () => {
  const markdown =
    '## Heading\n\nSome **bold** and `code`, see [the guide](https://x.example).\n\n- one\n> two\n\n' +
    '| A | B |\n|---|---|\n| 1 | 2 |\n\n```js\nlet x = 1\n```'
  expect(plainText(markdown)).toBe(
    'Heading\nSome bold and code, see the guide.\none\ntwo\n A B \n 1 2 \nlet x = 1',
  )
})
