import type { ChatMessage, Memory, MessageMetadata } from './message'
import type { ChatSettings } from './settings'

import type { Chat } from '@/db/chats'
import type { PlacedMessage } from '@/db/messages'
import type { Store } from '@/db/store'
import { NotFound } from '@/errors'

export type ChatSummary = {
  id: string
  title: string
  titledBy: Chat['titledBy']
  createdAt: string
  updatedAt: string
  pinnedAt: string | null
  excludedAt: string | null
}
/** `messages`: the branch that is shown, or a part of it; `earlier`: there are more before them. */
export type LoadedChat = {
  chat: ChatSummary
  messages: ChatMessage[]
  earlier: boolean
  settings: ChatSettings
}

/** The newest messages of a branch, at most `last` of them, of those before `before` where given. */
export type Part = { last: number; before?: string }

export function chatSummary(chat: Chat): ChatSummary {
  return {
    id: chat.id,
    title: chat.title,
    titledBy: chat.titledBy,
    createdAt: chat.createdAt.toISOString(),
    updatedAt: chat.updatedAt.toISOString(),
    pinnedAt: chat.pinnedAt?.toISOString() ?? null,
    excludedAt: chat.excludedAt?.toISOString() ?? null,
  }
}

export function metadataOf(message: PlacedMessage): MessageMetadata {
  const { createdAt, status, provider, model, errorCode, parentId, siblings, origin } = message
  const { rating } = message
  return {
    createdAt: createdAt.toISOString(),
    status,
    parentId,
    siblings,
    memory: message.memory,
    ...(origin !== null && { origin }),
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(errorCode !== null && { errorCode }),
    ...(rating !== null && { rating }),
  }
}

/** A stored message as the browser knows it; `memory` is what an answer stood on. */
export function chatMessage(message: PlacedMessage, memory: Memory | undefined): ChatMessage {
  return {
    id: message.id,
    role: message.role,
    metadata: metadataOf(message),
    parts: [
      ...(memory ? [{ type: 'data-memory' as const, id: 'memory', data: memory }] : []),
      ...(message.text === '' ? [] : [{ type: 'text' as const, text: message.text }]),
    ],
  }
}

/** A chat with its messages, or with a part of them; null when there is no such chat. */
export async function loadChat(
  store: Store,
  chatId: string,
  part?: Part,
): Promise<LoadedChat | null> {
  const chat = await store.chats.find(chatId)
  if (!chat) return null
  const shown = await shownBranch(store, chat, part)
  return { chat: chatSummary(chat), ...shown, settings: chat.settings }
}

type Shown = Pick<LoadedChat, 'messages' | 'earlier'>

async function shownBranch(store: Store, chat: Chat, part?: Part): Promise<Shown> {
  const branch = await store.messages.branch(chat.id, chat.leafId)
  const before = part?.before ? branch.findIndex(({ id }) => id === part.before) : -1
  const end = before < 0 ? branch.length : before
  const start = part ? Math.max(0, end - part.last) : 0
  const wanted = branch.slice(start, end)
  // What answers stood on is many times as long as what was said: only that of the part.
  const seqs = wanted.map(({ seq }) => seq)
  const place = seqs.length === branch.length ? undefined : { from: seqs[0], to: seqs.at(-1) }
  const memories = await store.receipts.memories({ chatId: chat.id, ...place })
  const messages = wanted.map((message) => chatMessage(message, memories.get(message.id)))
  return { messages, earlier: start > 0 }
}

/**
 * Shows the branch through a message, down to its end that was written last.
 *
 * @throws NotFound chat_not_found, message_not_found.
 */
export async function showBranch(
  store: Store,
  chatId: string,
  messageId: string,
): Promise<ChatMessage[]> {
  const leafId = await store.messages.latestLeaf(chatId, messageId)
  if (leafId === null) throw new NotFound('message_not_found', 'no such message in this chat')
  return (await shownBranch(store, await store.chats.show(chatId, leafId))).messages
}
