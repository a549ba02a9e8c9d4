import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

import SqliteDatabase from 'better-sqlite3'
import { describe, expect, it } from 'vitest'

import { MIGRATIONS, tmpFolder } from '../../test/tmp'

import { pruneCopies } from './copy'
import { migrate } from './sqlite-migrate'

const ROOT = join(import.meta.dirname, '..', '..')
const NAMES = readdirSync(MIGRATIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted()

/** A copy of the migrations that a test may change, and an absent database. */
function copied() {
  const folder = tmpFolder()
  cpSync(MIGRATIONS, join(folder, 'migrations'), { recursive: true })
  return { path: join(folder, 'new', 'raggen.db'), migrations: join(folder, 'migrations') }
}

function addMigration(migrations: string, name: string, sql: string) {
  mkdirSync(join(migrations, name))
  writeFileSync(join(migrations, name, 'migration.sql'), sql)
}

function prisma(path: string, ...args: string[]): string {
  return execFileSync(process.execPath, ['scripts/prisma.mjs', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, RAGGEN_WEB_DATABASE_URL: `file:${path}` },
  })
}

describe('migrate', () => {
  it('makes the database and its folder, for its owner alone, and does nothing the second time', () => {
    const { path, migrations } = copied()
    expect(migrate(path, migrations)).toEqual(NAMES)
    expect(migrate(path, migrations)).toEqual([])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('leaves a history that Prisma agrees with', () => {
    const { path, migrations } = copied()
    migrate(path, migrations)
    expect(prisma(path, 'migrate', 'status')).toContain('Database schema is up to date!')
  })

  it('comes to what the schema says', () => {
    const arguments_ = [
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
    ]
    const drift = prisma(join(tmpFolder(), 'x.db'), 'migrate', 'diff', ...arguments_)
    expect(drift).toContain('No difference detected')
  })

  it('rolls a failing migration back whole and says what to do', () => {
    const { path, migrations } = copied()
    addMigration(
      migrations,
      '20990101000000_bad',
      'CREATE TABLE "Half" ("id" TEXT); SELECT nothing;',
    )
    expect(() => migrate(path, migrations)).toThrow(
      /20990101000000_bad failed .*rolled back.*start again/s,
    )
    const db = new SqliteDatabase(path)
    expect(db.prepare(`SELECT name FROM sqlite_master WHERE name = 'Half'`).all()).toEqual([])
    expect(db.prepare('SELECT migration_name FROM _prisma_migrations').all()).toHaveLength(
      NAMES.length,
    )
    db.close()
  })

  it('keeps the rows that refer to a table while it is made anew', () => {
    const { path, migrations } = copied()
    migrate(path, migrations)
    const db = new SqliteDatabase(path)
    db.exec(`INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt") VALUES ('c', 't', '2026-01-01', '2026-01-01');
      INSERT INTO "Message" ("id", "chatId", "seq", "session", "role", "text", "status", "indexable", "createdAt", "updatedAt")
      VALUES ('m', 'c', 1, 1, 'user', 'x', 'complete', 1, '2026-01-01', '2026-01-01')`)
    db.close()
    // How Prisma changes a column in SQLite.
    addMigration(
      migrations,
      '20990101000000_redefine',
      `PRAGMA defer_foreign_keys=ON; PRAGMA foreign_keys=OFF;
       CREATE TABLE "new_Chat" ("id" TEXT NOT NULL PRIMARY KEY, "title" TEXT NOT NULL, "createdAt" DATETIME NOT NULL, "updatedAt" DATETIME NOT NULL);
       INSERT INTO "new_Chat" SELECT "id", "title", "createdAt", "updatedAt" FROM "Chat"; DROP TABLE "Chat"; ALTER TABLE "new_Chat" RENAME TO "Chat";
       PRAGMA foreign_keys=ON; PRAGMA defer_foreign_keys=OFF;`,
    )
    migrate(path, migrations)
    const after = new SqliteDatabase(path)
    expect(after.prepare('SELECT id FROM "Message"').all()).toEqual([{ id: 'm' }])
    after.close()
  })

  describe('copies what it is about to change', () => {
    /** A database with a chat, and so many migrations that it does not have yet. */
    function withChat() {
      const { path, migrations } = copied()
      migrate(path, migrations)
      const db = new SqliteDatabase(path)
      db.exec(
        `INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt") VALUES ('c', 't', '2026-01-01', '2026-01-01')`,
      )
      db.close()
      return { path, migrations, backups: join(path, '..', 'backups') }
    }

    it('not before there is a chat, and once for all that is pending', () => {
      const { path, migrations, backups } = withChat()
      expect(existsSync(backups)).toBe(false)
      addMigration(migrations, '20990101000000_one', 'CREATE TABLE "One" ("id" TEXT);')
      addMigration(migrations, '20990102000000_two', 'CREATE TABLE "Two" ("id" TEXT);')
      migrate(path, migrations)
      migrate(path, migrations)
      expect(readdirSync(backups)).toEqual(['before-20990101000000_one.db'])
      const file = join(backups, 'before-20990101000000_one.db')
      expect(statSync(file).mode & 0o777).toBe(0o600)
      const copy = new SqliteDatabase(file)
      expect(copy.prepare('SELECT id FROM "Chat"').all()).toEqual([{ id: 'c' }])
      expect(copy.prepare(`SELECT name FROM sqlite_master WHERE name = 'One'`).all()).toEqual([])
      copy.close()
    })

    it('keeps the last three, and what is not its own', () => {
      const { path, migrations, backups } = withChat()
      mkdirSync(backups)
      writeFileSync(join(backups, 'before-the-move.db'), '')
      for (const day of [1, 2, 3, 4, 5]) {
        addMigration(migrations, `2099010${day}000000_x`, `CREATE TABLE "X${day}" ("id" TEXT);`)
        migrate(path, migrations)
      }
      expect(readdirSync(backups).toSorted()).toEqual([
        'before-20990103000000_x.db',
        'before-20990104000000_x.db',
        'before-20990105000000_x.db',
        'before-the-move.db',
      ])
    })

    it('keeps none for ever: what was deleted since is in them', () => {
      const { path, migrations, backups } = withChat()
      addMigration(migrations, '20990101000000_one', 'CREATE TABLE "One" ("id" TEXT);')
      migrate(path, migrations)
      const copies = { folder: backups, isOptional: false }
      const day = 24 * 60 * 60 * 1000
      pruneCopies(copies, Date.now() + 29 * day)
      expect(readdirSync(backups)).toHaveLength(1)
      pruneCopies(copies, Date.now() + 31 * day)
      expect(readdirSync(backups)).toEqual([])
    })

    it('migrates nothing where it cannot, unless told to', () => {
      const { path, migrations, backups } = withChat()
      writeFileSync(backups, 'no folder can be made here')
      addMigration(migrations, '20990101000000_one', 'CREATE TABLE "One" ("id" TEXT);')
      expect(() => migrate(path, migrations)).toThrow(
        /Nothing was migrated.*RAGGEN_WEB_MIGRATE_WITHOUT_COPY=1/s,
      )
      const db = new SqliteDatabase(path)
      expect(db.prepare(`SELECT name FROM sqlite_master WHERE name = 'One'`).all()).toEqual([])
      db.close()
      expect(migrate(path, migrations, { folder: backups, isOptional: true })).toEqual([
        '20990101000000_one',
      ])
    })
  })

  it('refuses a migration that was edited after it was applied', () => {
    const { path, migrations } = copied()
    migrate(path, migrations)
    appendFileSync(join(migrations, '20261123000000_init', 'migration.sql'), '-- changed\n')
    expect(() => migrate(path, migrations)).toThrow(
      /was changed after it had been applied.*git checkout/,
    )
  })

  it('refuses a database of a newer version', () => {
    const { path, migrations } = copied()
    addMigration(migrations, '20990101000000_later', 'CREATE TABLE "Later" ("id" TEXT);')
    migrate(path, migrations)
    expect(() => migrate(path, MIGRATIONS)).toThrow(/does not know.*newer/)
  })

  it('refuses a migration that another program left half done', () => {
    const { path, migrations } = copied()
    migrate(path, migrations)
    const db = new SqliteDatabase(path)
    db.exec('UPDATE _prisma_migrations SET finished_at = NULL')
    db.close()
    expect(() => migrate(path, migrations)).toThrow(/did not finish.*backup/)
  })
})
