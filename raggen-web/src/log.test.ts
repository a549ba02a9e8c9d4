import { expect, it } from 'vitest'

import { createLogger, errorFields } from './log'

it('writes one JSON line for each message at or above its level', () => {
  const lines: string[] = []
  const log = createLogger('warn', (line) => lines.push(line))
  log.info('quiet')
  log.warn('loud\nclear', { request_id: 'r1' })
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'warn',
    service: 'raggen-web',
    message: 'loud\nclear',
    request_id: 'r1',
  })
  expect(lines[0]?.trimEnd()).not.toContain('\n')
})

it('tells an error with its causes', () => {
  const error = new Error('outer', { cause: new TypeError('inner') })
  expect(errorFields(error)).toEqual({ error: 'Error: outer ← TypeError: inner' })
})
