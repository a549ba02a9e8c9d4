import { expect, it } from 'vitest'

import { baseUrlCandidates } from './base-url'

it.each([
  ['http://127.0.0.1:11434', ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434']],
  [' http://127.0.0.1:11434/v1/ ', ['http://127.0.0.1:11434/v1']],
  ['localhost:1234', ['http://localhost:1234/v1', 'http://localhost:1234']],
  ['https://openrouter.ai/api/v1/chat/completions', ['https://openrouter.ai/api/v1']],
  ['http://h:8000/v1/models', ['http://h:8000/v1']],
  ['https://h/openai', ['https://h/openai/v1', 'https://h/openai']],
  ['https://h/v1beta', ['https://h/v1beta']],
])('%s → %j', (written, candidates) => {
  expect(baseUrlCandidates(written)).toEqual(candidates)
})

it.each(['', 'http://', 'ftp://h/v1', 'http://user:secret@h/v1', 'file:///etc/passwd'])(
  'refuses %j',
  (written) => {
    expect(() => baseUrlCandidates(written)).toThrow(
      expect.objectContaining({ code: 'invalid_url' }),
    )
  },
)
