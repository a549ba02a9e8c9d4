import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { TestProject } from 'vitest/node'

import { holdPostgres } from '../src/db/postgresql'

export type Postgres = { url: string; template: string; psql: string }

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server of this run; null where it runs on SQLite. */
    postgres: Postgres | null
  }
}

const TEMPLATE = 'raggen_template'
const DEBIAN = '/usr/lib/postgresql'

/** Debian keeps the programs of each version apart, and out of PATH. */
function programs(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []
  const newest = versions.toSorted((a, b) => b - a)[0]
  if (newest === undefined)
    throw new Error(`no PostgreSQL in ${DEBIAN}: apt-get install postgresql`)
  return join(DEBIAN, String(newest), 'bin')
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
function as(command: string[]): [string, string[]] {
  const [program = '', ...args] =
    process.getuid?.() === 0
      ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
      : command
  return [program, args]
}

/** A server of its own on a socket in a temporary folder, with nothing kept on the disk for long. */
export async function startPostgres(): Promise<{ postgres: Postgres; stop: () => Promise<void> }> {
  const bin = programs()
  const folder = mkdtempSync(join(tmpdir(), 'raggen-postgres-'))
  if (process.getuid?.() === 0) execFileSync('chown', ['postgres:postgres', folder])
  const data = join(folder, 'data')
  const [initdb, options] = as([
    join(bin, 'initdb'),
    ...['-D', data, '-U', 'raggen', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'],
  ])
  execFileSync(initdb, options, { stdio: 'ignore', cwd: folder })
  const [program, args] = as([
    join(bin, 'postgres'),
    ...['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'],
    ...['-c', 'max_connections=300'],
  ])
  const server = spawn(program, args, { stdio: 'ignore', cwd: folder })
  const url = `postgresql://raggen@${encodeURIComponent(folder)}`
  const psql = join(bin, 'psql')
  for (let n = 0; ; n += 1) {
    try {
      execFileSync(join(bin, 'pg_isready'), ['-q', '-h', folder])
      break
    } catch (error) {
      if (n > 150) throw error
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  execFileSync(psql, ['-q', '-d', `${url}/postgres`, '-c', `CREATE DATABASE ${TEMPLATE}`])
  const migrations = join(import.meta.dirname, '..', 'prisma', 'postgresql', 'migrations')
  const copies = { folder, isOptional: false }
  await (await holdPostgres(`${url}/${TEMPLATE}`, migrations, copies)).release()
  return {
    postgres: { url, template: TEMPLATE, psql },
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>()
      server.once('exit', () => resolve())
      server.kill('SIGINT')
      await promise
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Vitest's global set-up: a server for the run on PostgreSQL, none for the other. */
export default async function setup(project: TestProject) {
  if (process.env.RAGGEN_TEST_DATABASE !== 'postgresql') {
    project.provide('postgres', null)
    return undefined
  }
  const { postgres, stop } = await startPostgres()
  project.provide('postgres', postgres)
  return stop
}
