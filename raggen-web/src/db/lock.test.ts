import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { tmpFolder } from '../../test/tmp'

import { holdDatabase } from './lock'

/** Another process that holds a database as `holdDatabase` does, until it is killed. */
const HOLDER = `
  import SqliteDatabase from 'better-sqlite3'
  const lock = new SqliteDatabase(process.argv[1])
  lock.exec('BEGIN IMMEDIATE; CREATE TABLE "Holder" ("pid" INTEGER, "host" TEXT, "since" TEXT)')
  lock.prepare('INSERT INTO "Holder" VALUES (?, ?, ?)').run(process.pid, 'here', 'today')
  lock.exec('COMMIT; BEGIN IMMEDIATE')
  console.log('held')
  setInterval(() => {}, 1000)
`

it('keeps a second one out, says who holds the database, and lets go', () => {
  const path = join(tmpFolder(), 'web', 'raggen.db')
  const release = holdDatabase(path)
  expect(() => holdDatabase(path)).toThrow(
    new RegExp(`${path} is in use by process ${process.pid} on .+, running since 20`),
  )
  expect(statSync(`${path}.lock`).mode & 0o077).toBe(0)
  const other = holdDatabase(join(tmpFolder(), 'raggen.db'))
  other()
  release()
  holdDatabase(path)()
})

it('is given back by the system when its holder is killed', async () => {
  const path = join(tmpFolder(), 'raggen.db')
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, `${path}.lock`])
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  expect(() => holdDatabase(path)).toThrow(`in use by process ${holder.pid} on here`)
  const gone = once(holder, 'exit')
  holder.kill('SIGKILL')
  await gone
  holdDatabase(path)()
})
