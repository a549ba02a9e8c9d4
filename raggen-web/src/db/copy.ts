import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'

import type SqliteDatabase from 'better-sqlite3'

import { libpqEnvironment } from './libpq'

import { StartFailure } from '@/errors'

// Nothing here is a file of the build: without these marks, Next would put the whole project into it.

/** Where copies of a database go that is about to be migrated, and whether it may go on without one. */
export type Copies = { folder: string; isOptional: boolean }

const KEPT = 3
/** They hold what has been deleted since: they shall not do so for ever. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000
const OURS = /^before-\d{14}_\w+\.(db|pgdump)$/
const DEBIAN = '/usr/lib/postgresql'

/** Makes the file beside its place and moves it there when it is whole and on the disk. */
function make(path: string, write: (aside: string) => void): void {
  const aside = `${path}.new`
  rmSync(aside, { force: true })
  // Made by us, and empty: nobody else reads what is then written into it.
  closeSync(openSync(/* turbopackIgnore: true */ aside, 'wx', 0o600))
  try {
    write(aside)
    const file = openSync(/* turbopackIgnore: true */ aside, 'r+')
    fsyncSync(file)
    closeSync(file)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    throw error
  }
}

/** Removes copies that have grown old, and all but the newest; nothing that we have not made. */
export function pruneCopies({ folder }: Copies, now = Date.now()): void {
  if (!statSync(/* turbopackIgnore: true */ folder, { throwIfNoEntry: false })?.isDirectory())
    return
  const ours = readdirSync(folder).filter((name) => OURS.test(name))
  const byAge = ours
    .map((name) => join(folder, name))
    .map((path) => ({ path, at: statSync(/* turbopackIgnore: true */ path).mtimeMs }))
    .toSorted((a, b) => b.at - a.at)
  const goes = byAge.filter(({ at }, place) => place >= KEPT || now - at > KEPT_MS)
  for (const { path } of goes) rmSync(path, { force: true })
}

function copy(copies: Copies, name: string, write: (aside: string) => void): string | null {
  const { folder, isOptional } = copies
  const path = join(folder, name)
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    make(path, write)
    chmodSync(path, 0o600)
  } catch (cause) {
    if (isOptional) return null
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartFailure(
      `The database has to be migrated, and the copy that is made before could not be written to ` +
        `${path} (${reason}). Nothing was migrated. Free some disk space and start again, or make a ` +
        'backup yourself and set RAGGEN_WEB_MIGRATE_WITHOUT_COPY=1 for one start.',
      { cause },
    )
  }
  try {
    pruneCopies(copies)
  } catch {
    // The copy is there; the sweeper removes old ones too, and says when it cannot.
  }
  return path
}

/**
 * Copies a SQLite database before the migration `first`: one state of it, in one file.
 *
 * @returns the copy's path; null where it failed and may.
 * @throws StartFailure where it failed and may not.
 */
export function copySqlite(
  db: SqliteDatabase.Database,
  copies: Copies,
  first: string,
): string | null {
  return copy(copies, `before-${first}.db`, (aside) => db.prepare('VACUUM INTO ?').run(aside))
}

/** PostgreSQL's own program: of Debian's newest version, else from PATH. */
function pgDump(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const paths = versions
    .filter((version) => !Number.isNaN(version))
    .toSorted((a, b) => b - a)
    .map((version) => join(DEBIAN, String(version), 'bin', 'pg_dump'))
  return paths.find((path) => existsSync(path)) ?? 'pg_dump'
}

/**
 * Dumps a PostgreSQL database before the migration `first`; nothing of its URL is on a command line.
 *
 * @returns as copySqlite.
 * @throws StartFailure as copySqlite.
 */
export function copyPostgres(url: string, copies: Copies, first: string): string | null {
  return copy(copies, `before-${first}.pgdump`, (aside) => {
    const options = ['--format=custom', '--no-owner', '--no-privileges', `--file=${aside}`]
    execFileSync(/* turbopackIgnore: true */ pgDump(), options, {
      env: libpqEnvironment(url),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
  })
}
