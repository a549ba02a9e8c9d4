import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { StartFailure } from '@/errors'

export type Migration = { name: string; sql: string; checksum: string }
/** A row of Prisma's table, in which `prisma migrate status` looks, too. */
export type Recorded = { migration_name: string; checksum: string; finished_at: unknown }

/** Prisma's checksum of a migration: SHA-256 of the script's bytes, in hexadecimal. */
function checksum(script: string): string {
  return createHash('sha256').update(script).digest('hex')
}

/**
 * The migrations in `folder`, in order.
 *
 * @throws StartFailure where there is no such folder.
 */
export function readMigrations(folder: string): Migration[] {
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
          '(git checkout raggen-web/prisma) and make a new migration for the change.',
      )
    }
  }
}

/**
 * Those of `migrations` that are not recorded yet.
 *
 * @throws StartFailure where the history is not a beginning of ours.
 */
export function pendingMigrations(recorded: Recorded[], migrations: Migration[]): Migration[] {
  checkHistory(recorded, migrations)
  const done = new Set(recorded.map(({ migration_name: name }) => name))
  return migrations.filter(({ name }) => !done.has(name))
}

/** A migration that did not go through. */
export function migrationFailure(name: string, cause: unknown): StartFailure {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StartFailure(
    `The migration ${name} failed (${reason}) and was rolled back; the database is as it was. ` +
      'Check the free disk space and start again; if it repeats, start the version used before.',
    { cause },
  )
}
