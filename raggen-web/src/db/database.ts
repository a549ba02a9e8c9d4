import type { Prisma, PrismaClient } from './generated/client'

export type Tx = Prisma.TransactionClient

/** An open database, whichever it is: SQLite's client stands for both, made from the same schema. */
export type Database = {
  /** Never writes. */
  read: PrismaClient
  /**
   * The only way to write: one transaction at a time, which may take `timeoutMs` (30 s).
   * @throws StorageFull, and whatever `work` throws.
   */
  write: <T>(work: (tx: Tx) => Promise<T>, timeoutMs?: number) => Promise<T>
  /**
   * As `write`, but not on the disk yet when it returns: the end of this process takes nothing back, a
   * power cut may, until the next `write`. For what is done again, or worth nothing without a later write.
   */
  writeUnsynced: Database['write']
  /** A filter for texts that hold these words, whatever the case of (at least) their Latin letters. */
  contains: (words: string) => { contains: string }
  close: () => Promise<void>
}
