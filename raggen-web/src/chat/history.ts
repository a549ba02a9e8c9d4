import type { ChatMessage, Memory, MessageMetadata } from './message'

import type { Chat } from '@/db/chats'
import type { StoredMessage } from '@/db/messages'
import type { Store } from '@/db/store'

export type ChatSummary = {
  id: string
  title: string
  titledBy: Chat['titledBy']
  createdAt: string
  updatedAt: string
  pinnedAt: string | null
  excludedAt: string | null
}
export type LoadedChat = { chat: ChatSummary; messages: ChatMessage[] }

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

export function metadataOf(message: StoredMessage): MessageMetadata {
  const { createdAt, status, provider, model, errorCode } = message
  return {
    createdAt: createdAt.toISOString(),
    status,
    parentId: message.parentId,
    siblings: { ids: [message.id], index: 0 },
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(errorCode !== null && { errorCode }),
  }
}

/** A stored message as the browser knows it; `memory` is what an answer stood on. */
export function chatMessage(message: StoredMessage, memory: Memory | undefined): ChatMessage {
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
  const messages = await store.messages.list(chatId)
  const memories = await store.receipts.memories({ chatId })
  return {
    chat: chatSummary(chat),
    messages: messages.map((message) => chatMessage(message, memories.get(message.id))),
  }
}
