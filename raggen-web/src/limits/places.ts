import { TooManyRequests } from '@/errors'
import { meters } from '@/metrics/meters'

/** How many answers may be written at once; 0: as many as are asked for. */
export type PlaceCounts = { perClient: number; inAll: number }

export type Places = {
  /**
   * Takes a place for an answer; what it returns gives it back, once.
   *
   * @throws TooManyRequests too_many_answers
   */
  take: (client: string) => () => void
}

/** An answer takes seconds: it is worth asking again soon. */
const RETRY_SECONDS = 5

/** An answer under way holds its whole text and a connection to its model: their number is bounded. */
export function createPlaces({ perClient, inAll }: PlaceCounts): Places {
  /** By client, those with at least one. */
  const taken = new Map<string, number>()
  let total = 0
  const isFull = (count: number, most: number) => most > 0 && count >= most

  return {
    take(client) {
      const own = taken.get(client) ?? 0
      if (isFull(own, perClient) || isFull(total, inAll)) {
        meters().refused.inc({ limit: 'answers' })
        throw new TooManyRequests('too_many_answers', 'too many answers under way', {
          detail: { seconds: RETRY_SECONDS },
        })
      }
      taken.set(client, own + 1)
      total += 1
      let given = false
      return () => {
        if (given) return
        given = true
        total -= 1
        const left = (taken.get(client) ?? 1) - 1
        if (left === 0) taken.delete(client)
        else taken.set(client, left)
      }
    },
  }
}
