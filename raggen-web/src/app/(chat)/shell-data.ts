import 'server-only'

import { chatSummary, loadChat } from '@/chat/history'
import type { ChatMessage } from '@/chat/message'
import type { ChatSummary, Selection } from '@/components/api/wire'
import { runtime } from '@/runtime'

/** As many chats as a page brings; it asks for all of them once it stands. */
const FIRST_CHATS = 100

type ShellData = {
  chats: ChatSummary[]
  /** There are more chats than these. */
  more: boolean
  selection: Selection
}

/** What every page of the chat shows beside it: the chats, and who answers. Asks no model's server. */
export async function readShell(): Promise<ShellData> {
  const { store } = runtime()
  const [chats, selection] = await Promise.all([
    store.chats.list(FIRST_CHATS + 1),
    store.settings.selection(),
  ])
  return {
    chats: chats.slice(0, FIRST_CHATS).map(chatSummary),
    more: chats.length > FIRST_CHATS,
    selection,
  }
}

/** As many of the newest messages as the page brings; it asks for the rest once it stands. */
const NEWEST = 100

type ShownChat = {
  chat: ChatSummary
  shown: { messages: ChatMessage[]; earlier: boolean }
  /** Who answers in it; undefined: whoever does in new chats. */
  selection: Selection | undefined
}

/** A chat with its newest messages; null when there is none of this id. */
export async function readChat(chatId: string): Promise<ShownChat | null> {
  const loaded = await loadChat(runtime().store, chatId, { last: NEWEST })
  if (!loaded) return null
  const { chat, messages, earlier, settings } = loaded
  return { chat, shown: { messages, earlier }, selection: settings.selection }
}
