import type { Database } from './database'

import type { Rating } from '@/chat/message'
import { Conflict, NotFound } from '@/errors'

export type Ratings = {
  /**
   * What the person thinks of an answer; null: nothing.
   * @throws NotFound message_not_found; Conflict answer_in_progress
   */
  rate: (answerId: string, rating: Rating | null, at: Date) => Promise<void>
  /**
   * Whether a piece was relevant for an answer; null: not said.
   * @throws NotFound message_not_found
   */
  rateItem: (answerId: string, itemId: string, rating: Rating | null) => Promise<void>
}

const ANSWER = { role: 'assistant', chat: { deletedAt: null } } as const

/** Thumbs, kept with the answers and with the pieces that they stood on. */
export function createRatings({ write }: Database): Ratings {
  return {
    rate: (id, rating, at) =>
      write(async (tx) => {
        const answer = await tx.message.findFirst({ where: { id, ...ANSWER } })
        if (!answer) throw new NotFound('message_not_found', 'no such answer')
        if (answer.status === 'streaming') {
          throw new Conflict('answer_in_progress', 'the answer is still being written')
        }
        const ratedAt = rating === null ? null : at
        await tx.message.update({ where: { id }, data: { rating, ratedAt } })
      }),

    rateItem: (answerId, itemId, rating) =>
      write(async (tx) => {
        const { count } = await tx.contextItem.updateMany({
          where: { answerId, itemId, answer: ANSWER },
          data: { rating },
        })
        if (count === 0) throw new NotFound('message_not_found', 'no such piece of this answer')
      }),
  }
}
