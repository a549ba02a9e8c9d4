import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'
import { describe, expect, it } from 'vitest'

import { ON_POSTGRES, PRISMA, tmpFolder, tmpLocation } from '../../test/tmp'

import { holdPostgres } from './postgresql'

// SQLite's copies are tested with its migrations.
describe.runIf(ON_POSTGRES)('copyPostgres', () => {
  async function withChat() {
    const location = tmpLocation()
    if (location.kind === 'sqlite') throw new Error('not on PostgreSQL')
    const client = new pg.Client({ connectionString: location.url })
    await client.connect()
    await client.query(
      `INSERT INTO "Chat" ("id", "title", "createdAt", "updatedAt") VALUES ('c', 't', now(), now())`,
    )
    await client.end()
    const migrations = join(tmpFolder(), 'migrations')
    cpSync(join(PRISMA, 'postgresql', 'migrations'), migrations, { recursive: true })
    mkdirSync(join(migrations, '20990101000000_later'))
    const sql = 'CREATE TABLE "Later" ("id" TEXT);'
    writeFileSync(join(migrations, '20990101000000_later', 'migration.sql'), sql)
    return { url: location.url, migrations, folder: join(tmpFolder(), 'backups') }
  }

  it('dumps a database with chats before it is migrated', async () => {
    const { url, migrations, folder } = await withChat()
    const held = await holdPostgres(url, migrations, { folder, isOptional: false })
    await held.release()
    expect(held.migrated).toEqual(['20990101000000_later'])
    expect(readdirSync(folder)).toEqual(['before-20990101000000_later.pgdump'])
    const { mode, size } = statSync(join(folder, 'before-20990101000000_later.pgdump'))
    expect(mode & 0o777).toBe(0o600)
    expect(size).toBeGreaterThan(1000)
  })

  it('dumps what pg alone can read the way to', async () => {
    const { url, migrations, folder } = await withChat()
    const own = `${url}?schema=public&connection_limit=5&password=50%`
    const held = await holdPostgres(own, migrations, { folder, isOptional: false })
    await held.release()
    expect(readdirSync(folder)).toEqual(['before-20990101000000_later.pgdump'])
  })

  it('migrates nothing where it cannot, unless told to', async () => {
    const { url, migrations, folder } = await withChat()
    writeFileSync(folder, 'no folder can be made here')
    await expect(holdPostgres(url, migrations, { folder, isOptional: false })).rejects.toThrow(
      /Nothing was migrated/,
    )
    const held = await holdPostgres(url, migrations, { folder, isOptional: true })
    await held.release()
    expect(held.migrated).toEqual(['20990101000000_later'])
  })
})
