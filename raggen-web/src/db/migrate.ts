import { createHash, randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import SqliteDatabase from 'better-sqlite3'

import { StartFailure } from '@/errors'

/** Prisma's own table, so that `prisma migrate status` agrees with what is done here. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

type Migration = { name: string; sql: string; checksum: string }
type Recorded = { migration_name: string; checksum: string; finished_at: unknown }

/** Prisma's checksum of a migration: SHA-256 of the script's bytes, in hexadecimal. */
function checksum(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}

function readMigrations(folder: string): Migration[] {
  if (!existsSync(folder)) {
    throw new StartFailure(`The migrations are missing from ${folder}: build raggen-web again.`)
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: checksum(sql) }
    })
}

/** Refuses to touch a database whose history is not a beginning of ours. */
function checkHistory(recorded: Recorded[], migrations: Migration[]): void {
  for (const { migration_name: name, checksum: applied, finished_at: finished } of recorded) {
    const known = migrations.find((migration) => migration.name === name)
    if (finished === null) {
      throw new StartFailure(
        `The migration ${name} was begun by another program and did not finish. Restore the database ` +
          `from a backup, or mend it and run "prisma migrate resolve --rolled-back ${name}".`,
      )
    }
    if (!known) {
      throw new StartFailure(
        `The database has the migration ${name}, which this version of raggen does not know: it was ` +
          'used by a newer one. Start that version, or restore a backup made before the update.',
      )
    }
    if (applied !== known.checksum && applied !== checksum(known.sql.replaceAll('\r\n', '\n'))) {
      throw new StartFailure(
        `The migration ${name} was changed after it had been applied. Put the file back as it was ` +
          '(git checkout raggen-web/prisma/migrations) and make a new migration for the change.',
      )
    }
  }
}

function apply(db: SqliteDatabase.Database, { name, sql, checksum: sum }: Migration): void {
  const startedAt = Date.now()
  try {
    db.transaction(() => {
      db.exec(sql)
      const broken = db.pragma('foreign_key_check') as unknown[]
      if (broken.length > 0) throw new Error(`${broken.length} rows would lose what they refer to`)
      db.prepare(
        `INSERT INTO "_prisma_migrations"
           ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
         VALUES (?, ?, ?, ?, ?, 1)`,
      ).run(randomUUID(), sum, name, startedAt, Date.now())
    })()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StartFailure(
      `The migration ${name} failed (${reason}) and was rolled back; the database is as it was. ` +
        'Check the free disk space and start again; if it repeats, start the version used before.',
      { cause },
    )
  }
}

/**
 * Brings the SQLite file at `path` to the newest schema: every migration of `folder` that is not
 * recorded yet, in order, in a transaction each. Makes the file and its folder where they are absent.
 *
 * @returns the names of the migrations that were applied.
 * @throws StartFailure with a sentence that says what to do.
 */
export function migrate(path: string, folder: string): string[] {
  const migrations = readMigrations(folder)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const isNew = !existsSync(path)
  const db = new SqliteDatabase(path, { timeout: 10_000 })
  // Its -wal and -shm take the file's mode: chats are for their owner alone.
  if (isNew) chmodSync(path, 0o600)
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    // Must be off before a transaction begins: with it on, the DROP TABLE of Prisma's way to change a
    // table deletes the rows that refer to it (sqlite.org/foreignkeys.html, section 5).
    db.pragma('foreign_keys = OFF')
    db.exec(MIGRATIONS_TABLE)
    const recorded = db
      .prepare(
        `SELECT "migration_name", "checksum", "finished_at" FROM "_prisma_migrations"
         WHERE "rolled_back_at" IS NULL`,
      )
      .all() as Recorded[]
    checkHistory(recorded, migrations)
    const done = new Set(recorded.map(({ migration_name: name }) => name))
    const pending = migrations.filter(({ name }) => !done.has(name))
    for (const migration of pending) apply(db, migration)
    return pending.map(({ name }) => name)
  } finally {
    db.close()
  }
}
