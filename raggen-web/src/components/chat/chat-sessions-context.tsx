'use client'

import { createContext, useContext, useMemo } from 'react'
import type { ReactNode } from 'react'

import { createChatSession, type ChatSession } from './chat-session'

import type { ChatMessage } from '@/chat/message'
import { useChatList } from '@/components/chats/chat-list-context'

type ChatSessions = {
  /** The chat of this id; made from `initial` when this tab does not have it yet. */
  open: (chatId: string, initial: ChatMessage[]) => ChatSession
  /** Take the server's copy of the messages where it is newer than this tab's. */
  sync: (chatId: string, initial: ChatMessage[]) => void
  /** Stop what is being written in it. */
  stop: (chatId: string) => Promise<void>
  drop: (chatId: string) => void
  /** Hear of every message that the server took; returns how to stop listening. */
  onAccepted: (listener: (chatId: string) => void) => () => void
}

const ChatSessionsContext = createContext<ChatSessions | null>(null)

/** The server's copy wins when it holds more, or when ours ends in an answer that was cut off. */
function isNewer(initial: ChatMessage[], session: ChatSession): boolean {
  if (session.status === 'submitted' || session.status === 'streaming') return false
  if (initial.length !== session.messages.length) return initial.length > session.messages.length
  return session.messages.at(-1)?.metadata?.status === 'streaming'
}

function createChatSessions(refreshList: () => Promise<void>): ChatSessions {
  const sessions = new Map<string, ChatSession>()
  const listeners = new Set<(chatId: string) => void>()
  const events = {
    onAccepted: (chatId: string) => {
      for (const listener of listeners) listener(chatId)
      void refreshList()
    },
    onFinished: () => void refreshList(),
  }
  return {
    open: (chatId, initial) => {
      const session = sessions.get(chatId) ?? createChatSession(chatId, initial, events)
      sessions.set(chatId, session)
      return session
    },
    sync: (chatId, initial) => {
      const session = sessions.get(chatId)
      if (session && isNewer(initial, session)) session.messages = initial
    },
    stop: async (chatId) => sessions.get(chatId)?.stop(),
    drop: (chatId) => void sessions.delete(chatId),
    onAccepted: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/**
 * Chats live above the pages: an answer goes on being written while the person looks at another
 * chat, and a new chat keeps its messages when the address changes from `/` to `/chats/<id>`.
 */
export function ChatSessionsProvider({ children }: { children: ReactNode }) {
  const { refresh } = useChatList()
  const sessions = useMemo(() => createChatSessions(refresh), [refresh])
  return <ChatSessionsContext value={sessions}>{children}</ChatSessionsContext>
}

/** The chats of this tab. */
export function useChatSessions(): ChatSessions {
  const sessions = useContext(ChatSessionsContext)
  if (!sessions) throw new Error('useChatSessions needs a ChatSessionsProvider above it')
  return sessions
}
