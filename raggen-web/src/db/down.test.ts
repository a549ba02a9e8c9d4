import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import SqliteDatabase from 'better-sqlite3'
import { describe, expect, inject, it } from 'vitest'

import { MIGRATIONS, ON_POSTGRES, PRISMA, tmpFolder, tmpLocation } from '../../test/tmp'

/** `raggen rollback` runs the down.sql of each migration that the older version does not know. */

const FOLDER = ON_POSTGRES ? join(PRISMA, 'postgresql', 'migrations') : MIGRATIONS
const NAMES = readdirSync(MIGRATIONS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted()

const script = (name: string, file: string) => readFileSync(join(FOLDER, name, file), 'utf8')

type Subject = { run: (sql: string) => void; schema: () => unknown }

function sqlite(): Subject {
  const db = new SqliteDatabase(join(tmpFolder(), 'x.db'))
  db.pragma('foreign_keys = OFF')
  const all = (sql: string) => db.prepare(sql).all() as Record<string, unknown>[]
  return {
    run: (sql) => void db.exec(`BEGIN; ${sql}; COMMIT`),
    schema: () =>
      all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`).map(({ name }) => ({
        name,
        columns: db.pragma(`table_xinfo("${String(name)}")`),
        refers: db.pragma(`foreign_key_list("${String(name)}")`),
        indexes: all(
          `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = '${String(name)}' ORDER BY name`,
        ),
      })),
  }
}

function postgres(): Subject {
  const server = inject('postgres')
  const location = tmpLocation()
  if (server === null || location.kind === 'sqlite') throw new Error('not on PostgreSQL')
  const psql = (sql: string) =>
    execFileSync(server.psql, ['-Xq1', '-v', 'ON_ERROR_STOP=1', '-d', location.url, '-f', '-'], {
      input: sql,
      encoding: 'utf8',
    })
  psql('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
  const dump = join(dirname(server.psql), 'pg_dump')
  return {
    run: psql,
    // The newest versions write a key of the moment into each dump.
    schema: () =>
      execFileSync(dump, ['--schema-only', '-d', location.url], { encoding: 'utf8' }).replaceAll(
        /^\\(un)?restrict .*$/gm,
        '',
      ),
  }
}

describe('down.sql', () => {
  it.each(NAMES.slice(1))('%s: there is one, for both kinds of database', (name) => {
    for (const folder of [MIGRATIONS, join(PRISMA, 'postgresql', 'migrations')]) {
      expect(existsSync(join(folder, name, 'down.sql')), `${folder}/${name}/down.sql`).toBe(true)
    }
  })

  it('gives back exactly the schema of before, migration by migration', () => {
    const { run, schema } = ON_POSTGRES ? postgres() : sqlite()
    const before: unknown[] = []
    for (const name of NAMES) {
      before.push(schema())
      run(script(name, 'migration.sql'))
    }
    for (const [index, name] of [...NAMES.entries()].slice(1).toReversed()) {
      run(script(name, 'down.sql'))
      expect(schema(), name).toEqual(before[index])
      expect(before[index]).not.toEqual(before[index - 1])
    }
  })

  it('keeps what was said, but neither what was deleted nor what left the memory', () => {
    const { run } = ON_POSTGRES ? postgres() : sqlite()
    for (const name of NAMES.slice(0, 3)) run(script(name, 'migration.sql'))
    const at = `'2026-01-01 00:00:00'`
    run(`INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt", "deletedAt", "excludedAt") VALUES
           ('here', 't', ${at}, ${at}, NULL, NULL), ('gone', 't', ${at}, ${at}, ${at}, NULL), ('apart', 't', ${at}, ${at}, NULL, ${at});
         INSERT INTO "Message" ("id", "chatId", "seq", "session", "role", "text", "status", "indexable", "memory", "createdAt", "updatedAt") VALUES
           ('a', 'here', 1, 1, 'user', 'x', 'complete', true, 'remembered', ${at}, ${at}),
           ('b', 'here', 2, 1, 'user', 'x', 'complete', true, 'forgotten', ${at}, ${at}),
           ('c', 'gone', 1, 1, 'user', 'x', 'complete', true, 'remembered', ${at}, ${at}),
           ('d', 'apart', 1, 1, 'user', 'x', 'complete', true, 'remembered', ${at}, ${at});
         INSERT INTO "Provider" ("id", "name", "baseUrl", "kind", "createdAt") VALUES
           ('p', 'x', 'http://one/v1', 'openai', ${at}), ('q', 'y', 'http://one/v1', 'openai', ${at}), ('r', 'z', '', 'gigachat', ${at})`)
    run(script(NAMES[2] ?? '', 'down.sql'))
    // The script fails where a count is not 1: the same words for both kinds of database.
    run(`CREATE TABLE "Check" ("ok" INTEGER CHECK ("ok" = 1));
         INSERT INTO "Check" SELECT count(*) FROM "Message" WHERE "id" = 'a' AND "indexable";
         INSERT INTO "Check" SELECT count(*) FROM "Message" WHERE "id" = 'b' AND NOT "indexable";
         INSERT INTO "Check" SELECT count(*) FROM "Message" WHERE "id" = 'd' AND NOT "indexable";
         INSERT INTO "Check" SELECT count(*) + 1 FROM "Message" WHERE "id" = 'c';
         INSERT INTO "Check" SELECT count(*) FROM "Provider"`)
  })
})
