import { describe, expect, it } from 'vitest'

import { normaliseUrl } from './server-form'

describe('normaliseUrl', () => {
  it.each([
    ['http://127.0.0.1:11434/v1', 'http://127.0.0.1:11434/v1'],
    [' https://api.example.com/v1 ', 'https://api.example.com/v1'],
    ['localhost:1234/v1', 'http://localhost:1234/v1'],
    ['', null],
    ['ftp://host', null],
    ['javascript://alert', null],
    ['http://', null],
  ])('%j → %j', (written, expected) => expect(normaliseUrl(written)).toBe(expected))
})
