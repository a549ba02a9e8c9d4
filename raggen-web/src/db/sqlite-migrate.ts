import { randomUUID } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

import SqliteDatabase from 'better-sqlite3'

import { copySqlite, type Copies } from './copy'
import {
  migrationFailure,
  pendingMigrations,
  readMigrations,
  type Migration,
  type Recorded,
} from './migrations'

/** Prisma's own table, so that `prisma migrate status` agrees with what is done here. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" TEXT PRIMARY KEY NOT NULL, "checksum" TEXT NOT NULL, "finished_at" DATETIME,
  "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp,
  "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

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
    throw migrationFailure(name, cause)
  }
}

function hasChats(db: SqliteDatabase.Database): boolean {
  return db.prepare('SELECT 1 FROM "Chat" LIMIT 1').get() !== undefined
}

/**
 * Brings the SQLite file at `path` to the newest schema: every migration of `folder` that is not
 * recorded yet, in order, in a transaction each. Makes the file and its folder where they are absent.
 * Where there are chats, a copy is made first; by default beside the file.
 *
 * @returns the names of the migrations that were applied.
 * @throws StartFailure with a sentence that says what to do.
 */
export function migrate(
  path: string,
  folder: string,
  copies: Copies = { folder: join(dirname(path), 'backups'), isOptional: false },
): string[] {
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
    const pending = pendingMigrations(recorded, migrations)
    const [first] = pending
    if (first && recorded.length > 0 && hasChats(db)) copySqlite(db, copies, first.name)
    for (const migration of pending) apply(db, migration)
    return pending.map(({ name }) => name)
  } finally {
    db.close()
  }
}
