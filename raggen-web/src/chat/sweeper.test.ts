import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { expect, it } from 'vitest'

import { startRuntime } from '../../test/chat'
import { tmpFolder } from '../../test/tmp'

const DAY_MS = 24 * 60 * 60 * 1000

/** A running raggen-web with one copy, made `days` ago. */
async function startWithCopy(days: number) {
  const folder = tmpFolder()
  const copy = join(folder, 'backups', 'before-20260101000000_one.db')
  mkdirSync(dirname(copy))
  writeFileSync(copy, '')
  const at = new Date(Date.now() - days * DAY_MS)
  utimesSync(copy, at, at)
  const started = () =>
    startRuntime({
      RAGGEN_WEB_DATABASE_URL: `file:${join(folder, 'raggen.db')}`,
      RAGGEN_WEB_SECRET_FILE: join(folder, 'secret.key'),
    })
  return { copy, started, left: () => readdirSync(dirname(copy)) }
}

it('removes a copy that has grown old, at the start and while it runs', async () => {
  const young = await startWithCopy(29)
  const { sweeper } = await young.started()
  await sweeper.sweep(new Date(Date.now() + 0.9 * DAY_MS))
  expect(young.left()).toHaveLength(1)
  await sweeper.sweep(new Date(Date.now() + 2 * DAY_MS))
  expect(young.left()).toEqual([])
  const old = await startWithCopy(31)
  await old.started()
  expect(old.left()).toEqual([])
})

it('starts where copies cannot be looked at, and says so', async () => {
  const { copy, started } = await startWithCopy(31)
  symlinkSync('nowhere', join(dirname(copy), 'before-20260102000000_two.db'))
  const { lines } = await started()
  expect(lines.join('')).toContain('old copies of the database could not be removed')
})
