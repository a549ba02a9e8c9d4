import type { ChatMessage } from '@/chat/message'

/** The newest messages of the shown branch; `earlier`: there are more before them. */
export type ShownPart = { messages: ChatMessage[]; earlier: boolean }

/**
 * What this tab shows once the server has told its newest messages again: they replace the tab's own
 * from where they begin. Without a common message the tab's are of another branch, and go.
 */
export function withNewest(known: ShownPart, newest: ShownPart): ShownPart {
  const first = newest.messages[0]?.id
  const at = known.messages.findIndex((message) => message.id === first)
  if (!newest.earlier || at < 0) return newest
  return {
    messages: [...known.messages.slice(0, at), ...newest.messages],
    earlier: known.earlier,
  }
}

/** The same with what was said before its first message. */
export function withEarlier(known: ShownPart, before: ShownPart): ShownPart {
  return { messages: [...before.messages, ...known.messages], earlier: before.earlier }
}
