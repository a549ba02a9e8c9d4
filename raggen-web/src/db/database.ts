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
  /** A filter for texts that hold these words, whatever the case of (at least) their Latin letters. */
  contains: (words: string) => { contains: string }
  close: () => Promise<void>
}
