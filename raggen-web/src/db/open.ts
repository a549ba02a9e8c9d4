import { join } from 'node:path'

import type { Copies } from './copy'
import type { Database } from './database'
import type { Location } from './location'
import { holdDatabase } from './lock'
import { holdPostgres, openPostgres, type Held } from './postgresql'
import { openSqlite } from './sqlite'
import { migrate } from './sqlite-migrate'

import { StorageFull } from '@/errors'

/**
 * Words for a full disk and for a quota: SQLite's, the system's, and PostgreSQL's (class 53100), whose
 * adapter keeps the server's sentence.
 */
const FULL = /disk is full|SQLITE_FULL|ENOSPC|EDQUOT|No space left on device|53100/

/**
 * Takes the database for this process alone and brings it to the newest schema.
 *
 * @param prisma The folder with the migrations of both kinds of database.
 * @param copies Where it is copied to before it is migrated.
 * @throws StartFailure with a sentence that says what to do.
 */
export async function hold(location: Location, prisma: string, copies: Copies): Promise<Held> {
  if (location.kind === 'postgresql') {
    return holdPostgres(location.url, join(prisma, 'postgresql', 'migrations'), copies)
  }
  const release = holdDatabase(location.path)
  try {
    const migrated = migrate(location.path, join(prisma, 'migrations'), copies)
    return { migrated, release: async () => release() }
  } catch (error) {
    release()
    throw error
  }
}

/** Opens a database that is held. */
export function openDatabase(location: Location): Database {
  const database =
    location.kind === 'sqlite' ? openSqlite(location.path) : openPostgres(location.url)
  return {
    ...database,
    write: (...work) => database.write(...work).catch(explain),
    writeUnsynced: (...work) => database.writeUnsynced(...work).catch(explain),
  }
}

/** @throws StorageFull, or what was thrown. */
function explain(cause: unknown): never {
  const isFull = cause instanceof Error && FULL.test(cause.message)
  throw isFull ? new StorageFull('storage_full', 'the disk is full', { cause }) : cause
}
