import { source, type Sourced, type WantedContext } from './compose'
import { checkedText, type Incoming } from './receive'
import type { RetrieveDeps } from './retrieve'
import type { Defaults } from './settings'

import type { Chat } from '@/db/chats'
import type { Before } from '@/db/messages'
import type { Answerer } from '@/llm/answerer'

/** A new question, as it is about to be stored. */
export type Coming = Pick<Incoming, 'chatId' | 'messageId' | 'text' | 'trigger' | 'parentId'> & {
  context: WantedContext
  requestId: string
  /** null: it begins one. */
  chat: Chat | null
  settings: Defaults
  answerer: Answerer
}

/** What was found, if the question came to stand behind `parentId`. */
export type Ahead = {
  parentId: string | null
  found: Promise<{ before: Before; sourced: Sourced }>
  /** Resolves when raggen-embed has been asked, or will not be. */
  asked: Promise<void>
  /** Nobody will ask for it. */
  abandon: () => void
}

/** What the question will follow; undefined: only the one who stores it knows. */
function parentOf({ parentId, chat }: Coming): string | null | undefined {
  if (parentId !== undefined) return parentId
  return chat ? (chat.leafId ?? undefined) : null
}

/**
 * Step 2 of a new question, begun while step 1 stores it: searching is the work of another process,
 * and neither needs the other. No model is asked, and nothing of it is shown before the question is
 * stored. null: it cannot be begun yet.
 *
 * @throws InvalidRequest text_empty; TooLarge text_too_long.
 */
export function lookAhead(deps: RetrieveDeps, coming: Coming): Ahead | null {
  const { chatId, messageId, trigger, context } = coming
  const parentId = parentOf(coming)
  if (trigger !== 'submit' || context.kind !== 'fresh' || parentId === undefined) return null
  const question = { id: messageId, text: checkedText(coming.text) }
  const controller = new AbortController()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  const search: RetrieveDeps['embed']['search'] = (...request) => {
    isAsked()
    return deps.embed.search(...request)
  }
  const watched = { ...deps, embed: { ...deps.embed, search } }
  async function find() {
    const before = await deps.store.messages.before({ chatId, parentId: parentId ?? null })
    const { signal } = controller
    return { before, sourced: await source(watched, { ...coming, ...before, question, signal }) }
  }
  const found = find()
  const asking = () => isAsked()
  found.then(asking, asking) // Whoever asks for it hears of a failure.
  return { parentId, found, asked, abandon: () => controller.abort() }
}
