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
/** `messages`: the branch that is shown. */
export type LoadedChat = { chat: ChatSummary; messages: ChatMessage[]; settings: ChatSettings }

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

/** A chat with its messages, null when there is none. */
export async function loadChat(store: Store, chatId: string): Promise<LoadedChat | null> {
  const chat = await store.chats.find(chatId)
  if (!chat) return null
  const messages = await shownBranch(store, chat)
  return { chat: chatSummary(chat), messages, settings: chat.settings }
}

async function shownBranch(store: Store, { id: chatId, leafId }: Chat): Promise<ChatMessage[]> {
  const [messages, memories] = await Promise.all([
    store.messages.branch(chatId, leafId),
    store.receipts.memories({ chatId }),
  ])
  return messages.map((message) => chatMessage(message, memories.get(message.id)))
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
  return shownBranch(store, await store.chats.show(chatId, leafId))
}
