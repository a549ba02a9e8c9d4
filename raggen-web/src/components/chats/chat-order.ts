import type { ChatSummary } from '@/components/api/wire'

/** Pinned ones first, then by when they were last written in, newest first. */
export function byPlace(chats: ChatSummary[]): ChatSummary[] {
  const time = (chat: ChatSummary) => Date.parse(chat.updatedAt)
  const pinned = (chat: ChatSummary) => (chat.pinnedAt ? 1 : 0)
  return chats.toSorted((a, b) => pinned(b) - pinned(a) || time(b) - time(a))
}
