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

/** A chat with everything said in it; null when there is none of this id. */
export function readChat(
  chatId: string,
): Promise<{ chat: ChatSummary; messages: ChatMessage[] } | null> {
  return loadChat(runtime().store, chatId)
}
