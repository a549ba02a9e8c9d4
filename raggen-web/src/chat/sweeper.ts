import type { Chats } from '@/db/chats'
import { pruneCopies, type Copies } from '@/db/copy'
import { errorFields, type Logger } from '@/log'

/** How long a deleted chat can be taken back. */
export const UNDO_MS = 20_000

export type Sweeper = {
  /** Sweeps now and then. */
  start: () => void
  /** Erases the chats whose deletion cannot be taken back any more; once a day, old copies too. */
  sweep: (now: Date) => Promise<void>
  /** Resolves when the sweep under way has ended. */
  stop: () => Promise<void>
}

const EVERY_MS = 2_000
const DAY_MS = 24 * 60 * 60 * 1000

export type SweeperDeps = { chats: Chats; copies: Copies; log: Logger; wakeIndexer: () => void }

/** Makes deletions final, also those whose time ran out while nothing ran. */
export function createSweeper({ chats, copies, log, wakeIndexer }: SweeperDeps): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()

  let prunedAt = -Infinity

  /** What is deleted here is still in them. */
  function prune(now: number): void {
    if (now - prunedAt < DAY_MS) return
    prunedAt = now
    try {
      pruneCopies(copies, now)
    } catch (error) {
      log.error('old copies of the database could not be removed', errorFields(error))
    }
  }

  async function sweep(now: Date): Promise<void> {
    prune(now.getTime())
    try {
      const erased = await chats.purge(new Date(now.getTime() - UNDO_MS), new Date())
      if (erased === 0) return
      log.info('erased deleted chats', { erased })
      wakeIndexer()
    } catch (error) {
      log.error('deleted chats could not be erased', errorFields(error))
    }
  }

  const again = () => (sweeping = sweeping.then(() => sweep(new Date())))
  return {
    start: () => void (timer ??= setInterval(() => void again(), EVERY_MS).unref()),
    sweep,
    async stop() {
      clearInterval(timer)
      await sweeping
    },
  }
}
