import PQueue from 'p-queue'

/** A provider that writes only so many answers at once for a key: the others queue. */
export type Turns = {
  /** Somebody is before us. */
  busy: () => boolean
  /** Resolves with what gives the turn back; rejects when `signal` aborts before it came. */
  take: (signal: AbortSignal) => Promise<() => void>
}

export function createTurns(concurrency: number): Turns {
  const queue = new PQueue({ concurrency })
  return {
    busy: () => queue.pending >= concurrency,
    take(signal) {
      return new Promise((resolve, reject) => {
        const turn = () =>
          new Promise<void>((release) => {
            // A stream that nobody reads any more never comes to its own end: its signal ends its turn.
            signal.addEventListener('abort', () => release(), { once: true })
            if (signal.aborted) release()
            resolve(release)
          })
        queue.add(turn, { signal }).catch(reject)
      })
    },
  }
}
