import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import PQueue from 'p-queue'

import type { Database, Tx } from './database'
import { PrismaClient } from './generated/client'

/** FULL: what was acknowledged survives a power cut (better-sqlite3's default in WAL does not sync). */
const WRITER_PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`
/** In WAL, FULL syncs at every commit, and with it all that was committed before; NORMAL never does. */
type Level = 'FULL' | 'NORMAL'
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
 * only way to write. A sync stops this whole process, other chats' answers too, for as long as the disk
 * takes: what may do without is written `Unsynced`.
 */
export function openSqlite(path: string): Database {
  const writer = new PrismaClient({ adapter: new SqliteWith(path, WRITER_PRAGMAS) })
  const read = new PrismaClient({ adapter: new SqliteWith(path, READER_PRAGMAS) })
  const queue = new PQueue({ concurrency: 1 })
  let level: Level = 'FULL'
  /** Within a transaction SQLite refuses to change it, so they go one at a time from here on. */
  const transaction =
    (wanted: Level) =>
    <T>(work: (tx: Tx) => Promise<T>, timeout = 30_000): Promise<T> =>
      queue.add(async () => {
        if (level !== wanted) await writer.$queryRawUnsafe(`PRAGMA synchronous = ${wanted}`)
        level = wanted
        return writer.$transaction(work, { maxWait: 15_000, timeout })
      })
  return {
    read,
    write: transaction('FULL'),
    writeUnsynced: transaction('NORMAL'),
    contains: (words) => ({ contains: words }), // SQLite's LIKE
    close: async () => {
      await queue.onIdle()
      await read.$disconnect()
      await writer.$disconnect()
    },
  }
}
