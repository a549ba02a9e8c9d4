import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'

import type { Database } from './database'
import { PrismaClient } from './generated/client'

/** FULL: what was acknowledged survives a power cut (better-sqlite3's default in WAL does not sync). */
const WRITER_PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`
const READER_PRAGMAS = 'PRAGMA query_only = ON;'
const BUSY_TIMEOUT_MS = 10_000

class SqliteWith extends PrismaBetterSqlite3 {
  constructor(
    path: string,
    private readonly pragmas: string,
  ) {
    super({ url: `file:${path}`, timeout: BUSY_TIMEOUT_MS })
  }

  override async connect() {
    const adapter = await super.connect()
    await adapter.executeScript(this.pragmas)
    return adapter
  }
}

/**
 * Opens the migrated SQLite file at `path`, by two connections. The adapter runs every query of a
 * client on one connection, so a write outside a transaction would slip into whichever transaction is
 * open, and be rolled back with it. Hence: `read` never writes (SQLite refuses), and `write` is the
 * only way to write.
 */
export function openSqlite(path: string): Database {
  const writer = new PrismaClient({ adapter: new SqliteWith(path, WRITER_PRAGMAS) })
  const read = new PrismaClient({ adapter: new SqliteWith(path, READER_PRAGMAS) })
  return {
    read,
    write: (work, timeout = 30_000) => writer.$transaction(work, { maxWait: 15_000, timeout }),
    contains: (words) => ({ contains: words }), // SQLite's LIKE
    close: async () => {
      await read.$disconnect()
      await writer.$disconnect()
    },
  }
}
