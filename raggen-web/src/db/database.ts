import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'

import { PrismaClient, type Prisma } from './generated/client'

import { StorageFull } from '@/errors'

export type Tx = Prisma.TransactionClient

/**
 * Two connections to one file. The adapter runs every query of a client on one connection, so a write
 * outside a transaction would slip into whichever transaction is open, and be rolled back with it.
 * Hence: `read` never writes (SQLite refuses), and `write` is the only way to write, one at a time.
 */
export type Database = {
  read: PrismaClient
  /** @throws StorageFull, and whatever `work` throws. */
  write: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
  close: () => Promise<void>
}

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

/** SQLite's words for a full disk, and for a quota. */
function isFull(error: unknown): boolean {
  return error instanceof Error && /disk is full|SQLITE_FULL|ENOSPC|EDQUOT/.test(error.message)
}

/** Opens the migrated SQLite file at `path`. */
export function openDatabase(path: string): Database {
  const writer = new PrismaClient({ adapter: new SqliteWith(path, WRITER_PRAGMAS) })
  const read = new PrismaClient({ adapter: new SqliteWith(path, READER_PRAGMAS) })
  return {
    read,
    async write(work) {
      try {
        return await writer.$transaction(work, { maxWait: 15_000, timeout: 30_000 })
      } catch (cause) {
        throw isFull(cause) ? new StorageFull('storage_full', 'the disk is full', { cause }) : cause
      }
    },
    close: async () => {
      await read.$disconnect()
      await writer.$disconnect()
    },
  }
}
