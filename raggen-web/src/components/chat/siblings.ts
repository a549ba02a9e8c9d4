import type { ChatMessage, Siblings } from '@/chat/message'

/** The versions of a message: what was asked or answered in its place, itself included. */
export function siblingsOf(message: ChatMessage): Siblings {
  return message.metadata?.siblings ?? { ids: [message.id], index: 0 }
}

/** What they are for one more, the newest. */
export function nextSibling(siblings: Siblings, id: string): Siblings {
  return { ids: [...siblings.ids, id], index: siblings.ids.length }
}
