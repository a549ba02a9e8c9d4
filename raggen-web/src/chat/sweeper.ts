import type { Chats } from '@/db/chats'
import { errorFields, type Logger } from '@/log'

/** How long a deleted chat can be taken back. */
export const UNDO_MS = 20_000

export type Sweeper = {
  /** Sweeps now and then. */
  start: () => void
  /** Erases the chats whose deletion cannot be taken back any more. */
  sweep: (now: Date) => Promise<void>
  /** Resolves when the sweep under way has ended. */
  stop: () => Promise<void>
}

const EVERY_MS = 2_000

export type SweeperDeps = { chats: Chats; log: Logger; wakeIndexer: () => void }

/** Makes deletions final, also those whose time ran out while nothing ran. */
export function createSweeper({ chats, log, wakeIndexer }: SweeperDeps): Sweeper {
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<void> = Promise.resolve()

  async function sweep(now: Date): Promise<void> {
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
