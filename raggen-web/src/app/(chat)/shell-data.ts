import 'server-only'

import { chatSummary, loadChat } from '@/chat/history'
import type { ChatMessage } from '@/chat/message'
import type { ChatSummary, Selection } from '@/components/api/wire'
import { runtime } from '@/runtime'

/** What every page of the chat shows beside it: the chats, and who answers. Asks no model's server. */
export async function readShell(): Promise<{ chats: ChatSummary[]; selection: Selection }> {
  const { store } = runtime()
  const [chats, selection] = await Promise.all([store.chats.list(), store.settings.selection()])
  return { chats: chats.map(chatSummary), selection }
}

/** As many of the newest messages as the page brings; it asks for the rest once it stands. */
const NEWEST = 100

/** A chat with its newest messages; null when there is none of this id. */
export async function readChat(
  chatId: string,
): Promise<{ chat: ChatSummary; shown: { messages: ChatMessage[]; earlier: boolean } } | null> {
  const loaded = await loadChat(runtime().store, chatId, { last: NEWEST })
  if (!loaded) return null
  const { chat, messages, earlier } = loaded
  return { chat, shown: { messages, earlier } }
}
