import { randomUUID } from 'node:crypto'

import { PrismaPg } from '@prisma/adapter-pg'
import PQueue from 'p-queue'
import pg from 'pg'

import { copyPostgres, type Copies } from './copy'
import type { Database } from './database'
import type { PrismaClient } from './generated/client'
import { PrismaClient as PostgresClient } from './generated-postgresql/client'
import { describeLocation } from './location'
import {
  migrationFailure,
  pendingMigrations,
  readMigrations,
  type Migration,
  type Recorded,
} from './migrations'

import { StartFailure } from '@/errors'

/** Prisma's own table, so that `prisma migrate status` agrees with what is done here. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`
/** "raggen" in hexadecimal: whoever has this lock of a database is its raggen-web. */
const LOCK = 0x72616767656e
const CONNECT_TIMEOUT_MS = 10_000
/** Of a pool: how many connections it has, and how long a query may wait for one. */
const POOL = 20
const WAIT_MS = 30_000

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'raggen-web',
    keepAlive: true,
  })
  try {
    await client.connect()
  } catch (cause) {
    const where = describeLocation({ kind: 'postgresql', url })
    const reason = cause instanceof Error ? cause.message : 'no connection'
    throw new StartFailure(
      `The database ${where} cannot be used (${reason}). Check that PostgreSQL runs there and that ` +
        'RAGGEN_WEB_DATABASE_URL has the right user and password.',
      { cause },
    )
  }
  return client
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const startedAt = new Date()
  try {
    await client.query('BEGIN')
    await client.query(sql)
    await client.query(
      `INSERT INTO "_prisma_migrations"
         ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
       VALUES ($1, $2, $3, $4, now(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    )
    await client.query('COMMIT')
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => {})
    throw migrationFailure(name, cause)
  }
}

async function hasChats(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query('SELECT 1 FROM "Chat" LIMIT 1')
  return rows.length > 0
}

type Wanted = { url: string; folder: string; copies: Copies }

async function migrate(client: pg.Client, wanted: Wanted): Promise<string[]> {
  const { url, folder, copies } = wanted
  await client.query(MIGRATIONS_TABLE)
  const { rows } = await client.query<Recorded>(
    `SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations"
     WHERE "rolled_back_at" IS NULL`,
  )
  const pending = pendingMigrations(rows, readMigrations(folder))
  const [first] = pending
  if (first && rows.length > 0 && (await hasChats(client))) copyPostgres(url, copies, first.name)
  for (const migration of pending) await apply(client, migration)
  return pending.map(({ name }) => name)
}

/** A prepared database: what was applied to it, and how to let go of it. */
export type Held = { migrated: string[]; release: () => Promise<void> }

/**
 * Makes this process the only raggen-web of the PostgreSQL database at `url`, until it lets go or its
 * connection ends, and brings it to the newest schema in `folder`, a transaction a migration,
 * after a copy where there are chats.
 *
 * @throws StartFailure with a sentence that says what to do.
 */
export async function holdPostgres(url: string, folder: string, copies: Copies): Promise<Held> {
  const client = await connect(url)
  client.on('error', () => {}) // The server went away: the next query says so, and the lock is gone.
  try {
    const { rows } = await client.query<{ got: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS got',
      [LOCK],
    )
    if (!rows[0]?.got) {
      throw new StartFailure(
        `The database ${describeLocation({ kind: 'postgresql', url })} is in use by another ` +
          'raggen-web. Stop that one first, or set RAGGEN_WEB_DATABASE_URL to another database.',
      )
    }
    const migrated = await migrate(client, { url, folder, copies })
    return { migrated, release: () => client.end() }
  } catch (error) {
    await client.end()
    throw error
  }
}

/**
 * Opens the migrated PostgreSQL database at `url`. Writes go one at a time, as in SQLite: what reads a
 * place in a chat and then takes it must not meet another that does the same.
 */
export function openPostgres(url: string): Database {
  const config = { connectionString: url, max: POOL, connectionTimeoutMillis: WAIT_MS }
  // The two clients are made from one schema: their types differ in name alone.
  const open = () =>
    new PostgresClient({ adapter: new PrismaPg(config) }) as unknown as PrismaClient
  const [writer, read] = [open(), open()]
  const queue = new PQueue({ concurrency: 1 })
  const write: Database['write'] = (work, timeout = 30_000) =>
    queue.add(() => writer.$transaction(work, { maxWait: 15_000, timeout }))
  return {
    read,
    write,
    writeUnsynced: write, // The disk is the server's, and stops nobody here.
    // PostgreSQL's LIKE has to be told; SQLite's client, whose types these are, has no word for it.
    contains: (words) => ({ contains: words, mode: 'insensitive' }),
    close: async () => {
      await queue.onIdle()
      await read.$disconnect()
      await writer.$disconnect()
    },
  }
}
