import { randomUUID } from 'node:crypto'

import type { WantedContext } from './produce'
import type { ChatSettings } from './settings'
import { storable, VISIBLE } from './storable'
import { titleOf } from './title'

import type { Received, Trigger } from '@/db/messages'
import type { Store } from '@/db/store'
import { InvalidRequest, TooLarge } from '@/errors'
import type { Answerer } from '@/llm/answerer'

/** In UTF-16 units. raggen-embed takes 200,000 characters; a person rarely types a hundredth of this. */
export const MAX_MESSAGE_CHARS = 100_000

export type Incoming = {
  chatId: string
  messageId: string
  /** Ignored where a known message is answered again. */
  text: string
  trigger: Trigger
  /** What a new question follows; null: nothing; undefined: the end of the branch that is shown. */
  parentId?: string | null
  /** Where the answer's context shall come from. */
  context: WantedContext
  /** Of a chat that this message begins. */
  settings?: ChatSettings
}

const ORIGIN = { fresh: 'fresh', none: 'without-context', same: 'same-context' } as const

/**
 * The text of a message as it is kept.
 *
 * @throws InvalidRequest text_empty; TooLarge text_too_long.
 */
export function checkedText(written: string): string {
  const text = storable(written)
  if (!VISIBLE.test(text)) throw new InvalidRequest('text_empty', 'the message is empty')
  if (text.length > MAX_MESSAGE_CHARS) {
    throw new TooLarge('text_too_long', 'the message is too long', {
      detail: { limit: MAX_MESSAGE_CHARS },
    })
  }
  return text
}

/**
 * Step 1: checks the message and stores it, before any model is called.
 *
 * @param underWay The answer that is being written in this chat.
 * @throws InvalidRequest text_empty; TooLarge text_too_long; and as Messages.receive.
 */
export async function receive(
  store: Store,
  incoming: Incoming,
  answerer: Answerer,
  underWay: string | null,
): Promise<Received> {
  const { chatId, messageId, trigger, parentId, context, settings } = incoming
  const text = trigger === 'submit' ? checkedText(incoming.text) : ''
  return store.messages.receive({
    chatId,
    messageId,
    text,
    title: titleOf(text),
    settings,
    trigger,
    parentId,
    origin: ORIGIN[context.kind],
    contextOf: context.kind === 'same' ? context.answerId : undefined,
    underWay,
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
