import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { inject, onTestFinished } from 'vitest'

import type { Location } from '@/db/location'
import { migrate } from '@/db/sqlite-migrate'
import { openStore, type Store } from '@/db/store'

export const PRISMA = join(import.meta.dirname, '..', 'prisma')
export const MIGRATIONS = join(PRISMA, 'migrations')

/** Whether this run is the one on PostgreSQL (vitest.config.ts). */
export const ON_POSTGRES = inject('postgres') !== null

/** A folder that is removed when the test ends. */
export function tmpFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'raggen-web-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Where a new, empty database may be: a file, or a database of the server that the run has started. */
export function tmpLocation(): Location {
  const postgres = inject('postgres')
  if (postgres === null) return { kind: 'sqlite', path: join(tmpFolder(), 'raggen.db') }
  const name = `raggen_${randomUUID().replaceAll('-', '')}`
  const sql = (statement: string) =>
    execFileSync(postgres.psql, ['-q', '-d', `${postgres.url}/postgres`, '-c', statement])
  sql(`CREATE DATABASE ${name} TEMPLATE ${postgres.template}`)
  onTestFinished(() => void sql(`DROP DATABASE ${name} WITH (FORCE)`))
  return { kind: 'postgresql', url: `${postgres.url}/${name}` }
}

/** The URL of a location, as RAGGEN_WEB_DATABASE_URL has it. */
export function urlOf(location: Location): string {
  return location.kind === 'sqlite' ? `file:${location.path}` : location.url
}

/** All that a closed database holds: SQLite's file, PostgreSQL's dump. */
export function contentsOf(location: Location): Buffer {
  if (location.kind === 'sqlite') return readFileSync(location.path)
  const postgres = inject('postgres')
  return execFileSync(join(dirname(postgres?.psql ?? ''), 'pg_dump'), ['-d', location.url])
}

/** The file of a test that is about SQLite's. */
export function pathOf(location: Location): string {
  if (location.kind === 'sqlite') return location.path
  throw new Error('this test is about a SQLite file')
}

/** A store on a real database, closed when the test ends. `location` opens a second one on the same. */
export function tmpStore(location = tmpLocation()): Store & { location: Location } {
  if (location.kind === 'sqlite') migrate(location.path, MIGRATIONS)
  const keys = location.kind === 'sqlite' ? location.path : join(tmpFolder(), 'raggen')
  const store = openStore(location, `${keys}.key`)
  onTestFinished(() => store.close())
  return Object.assign(store, { location })
}
