import type { ShownPart } from './shown-part'

import type { ChatMessage } from '@/chat/message'
import { requestJson } from '@/components/api/request'

/** As many of the newest messages as the page brings; the rest follows once it stands. */
export const NEWEST = 100

type Wanted = {
  /** Only what was said before this message. */
  before?: string
  last?: number
  signal?: AbortSignal
}

/** The newest messages of the branch that is shown, or those before one. Throws RequestError. */
export async function readShown(chatId: string, wanted: Wanted = {}): Promise<ShownPart> {
  const { before, last = NEWEST, signal } = wanted
  const query = new URLSearchParams({ last: String(last), ...(before && { before }) })
  const { messages, earlier = false } = await requestJson<{
    messages: ChatMessage[]
    earlier?: boolean
  }>(`/api/chats/${chatId}?${query}`, { signal })
  // What is already here must not be put in front of itself.
  const known = before ? messages.findIndex(({ id }) => id === before) : -1
  return { messages: known < 0 ? messages : messages.slice(0, known), earlier }
}
