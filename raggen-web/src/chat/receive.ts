import { randomUUID } from 'node:crypto'

import { storable, VISIBLE } from './storable'
import { titleOf } from './title'

import type { Received } from '@/db/messages'
import type { Store } from '@/db/store'
import { InvalidRequest, TooLarge } from '@/errors'
import type { Answerer } from '@/llm/answerer'

/** In UTF-16 units. raggen-embed takes 200,000 characters; a person rarely types a hundredth of this. */
export const MAX_MESSAGE_CHARS = 100_000

export type Incoming = { chatId: string; messageId: string; text: string; retry: boolean }

/**
 * Step 1: checks the message and stores it, before any model is called.
 *
 * @throws InvalidRequest text_empty; TooLarge text_too_long; Conflict and NotFound as Messages.receive.
 */
export async function receive(
  store: Store,
  incoming: Incoming,
  answerer: Answerer,
): Promise<Received> {
  const { chatId, messageId, retry } = incoming
  const text = storable(incoming.text)
  if (!retry && !VISIBLE.test(text)) {
    throw new InvalidRequest('text_empty', 'the message is empty')
  }
  if (text.length > MAX_MESSAGE_CHARS) {
    throw new TooLarge('text_too_long', 'the message is too long', {
      detail: { limit: MAX_MESSAGE_CHARS },
    })
  }
  return store.messages.receive({
    chatId,
    messageId,
    text,
    title: titleOf(text),
    retry,
    answer: {
      id: randomUUID(),
      provider: answerer.providerId,
      model: answerer.model,
      // Quotations are recalled context: indexed again, memory would quote itself.
      indexable: answerer.kind === 'model',
    },
    at: new Date(),
  })
}
