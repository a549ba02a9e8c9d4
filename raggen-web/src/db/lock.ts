import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'

import SqliteDatabase from 'better-sqlite3'

import { StartFailure } from '@/errors'

type Holder = { pid: number; host: string; since: string }

/** For reading who holds it: the holder writes for a moment only. */
const READ_TIMEOUT_MS = 1_000

function holderOf(lock: SqliteDatabase.Database): Holder | undefined {
  try {
    lock.pragma(`busy_timeout = ${READ_TIMEOUT_MS}`)
    return lock.prepare('SELECT "pid", "host", "since" FROM "Holder"').get() as Holder | undefined
  } catch {
    return undefined // It is being written for the first time.
  }
}

function isBusy(error: unknown): boolean {
  return (error as { code?: string }).code?.startsWith('SQLITE_BUSY') ?? false
}

/**
 * Makes this process the only one that works on the SQLite file at `path`, until it lets go or ends in
 * whatever way. Two would each take the other's answers for broken ones, and send the outbox twice.
 *
 * The lock is a SQLite file of its own, with a transaction open on it: the system gives that lock back
 * when a process dies, so a kill leaves nothing to clean up. In this journal mode others can still read
 * who holds it.
 *
 * @returns lets go.
 * @throws StartFailure that says who holds it.
 */
export function holdDatabase(path: string): () => void {
  const file = `${path}.lock`
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(file)
  const lock = new SqliteDatabase(file, { timeout: 0 })
  if (isNew) chmodSync(file, 0o600)
  try {
    lock.pragma('journal_mode = DELETE')
    lock.exec('BEGIN IMMEDIATE')
    lock.exec('CREATE TABLE IF NOT EXISTS "Holder" ("pid" INTEGER, "host" TEXT, "since" TEXT)')
    lock.exec('DELETE FROM "Holder"')
    lock
      .prepare('INSERT INTO "Holder" VALUES (?, ?, ?)')
      .run(process.pid, hostname(), new Date().toISOString())
    lock.exec('COMMIT; BEGIN IMMEDIATE')
  } catch (cause) {
    const holder = isBusy(cause) ? holderOf(lock) : undefined
    lock.close()
    if (!isBusy(cause)) throw cause
    const who = holder
      ? `process ${holder.pid} on ${holder.host}, running since ${holder.since}`
      : 'another process'
    throw new StartFailure(
      `The database ${path} is in use by ${who}. Stop that one first, or set ` +
        'RAGGEN_WEB_DATABASE_URL to another file.',
      { cause },
    )
  }
  return () => lock.close()
}
