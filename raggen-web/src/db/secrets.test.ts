import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { tmpFolder } from '../../test/tmp'

import { openSecrets } from './secrets'

it('makes a key file that only its owner reads, and uses it again', () => {
  const path = join(tmpFolder(), 'new', 'secret.key')
  const sealed = openSecrets(path).encrypt('sk-ключ', 'p1')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(sealed).not.toContain('sk-')
  expect(openSecrets(path).decrypt(sealed, 'p1')).toBe('sk-ключ')
})

it('seals the same value differently each time, for one owner alone, and notices a change', () => {
  const secrets = openSecrets(join(tmpFolder(), 'secret.key'))
  const sealed = secrets.encrypt('key', 'p1')
  expect(secrets.encrypt('key', 'p1')).not.toBe(sealed)
  expect(() => secrets.decrypt(sealed, 'p2')).toThrow()
  const [format, iv, tag, text = ''] = sealed.split('.')
  const flipped = (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  expect(() => secrets.decrypt([format, iv, tag, flipped].join('.'), 'p1')).toThrow()
})

it('says what to do about a broken key file', () => {
  const path = join(tmpFolder(), 'secret.key')
  writeFileSync(path, 'short')
  expect(() => openSecrets(path)).toThrow(/does not hold 32 bytes.*backup/)
})
