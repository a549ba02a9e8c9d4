'use client'

import { createContext, useContext, useMemo } from 'react'
import type { ReactNode } from 'react'

import { createChatSession, type ChatSession, type SessionEvents } from './chat-session'
import { readShown } from './read-shown'
import { withEarlier, withNewest, type ShownPart } from './shown-part'

import { request } from '@/components/api/request'
import { useChatList } from '@/components/chats/chat-list-context'

/** How long the end of a stopped answer may take to come by itself. */
const STOP_PATIENCE_MS = 2_000

type Opened = {
  session: ChatSession
  /** It was here before: what the page brought may be older. */
  known: boolean
}

type ChatSessions = {
  /** The chat of this id; made from `initial` when this tab does not have it yet. */
  open: (chatId: string, initial: ShownPart) => Opened
  /** There are messages before the first one in this tab. */
  hasEarlier: (chatId: string) => boolean
  /** Take the server's newest messages; not while an answer comes in. */
  sync: (chatId: string, newest: ShownPart) => void
  /** Put what was said before the first message in front of it. */
  prepend: (chatId: string, before: ShownPart) => void
  /** Ask the server for the newest messages. Throws RequestError. */
  reload: (chatId: string, signal?: AbortSignal) => Promise<void>
  /** Stop what is being written in it. */
  stop: (chatId: string) => Promise<void>
  drop: (chatId: string) => void
  /** Hear of every message that the server took; returns how to stop listening. */
  onAccepted: (listener: (chatId: string) => void) => () => void
}

const ChatSessionsContext = createContext<ChatSessions | null>(null)

export const isBusy = (session: ChatSession) =>
  session.status === 'submitted' || session.status === 'streaming'

/** Stops at the server, which then ends the stream; a stream that does not end is cut here. */
async function stopAnswer(chatId: string, session: ChatSession): Promise<void> {
  if (!isBusy(session)) return
  try {
    await request(`/api/chats/${chatId}/stop`, { method: 'POST' })
    const deadline = Date.now() + STOP_PATIENCE_MS
    while (isBusy(session) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  } catch {
    // The server does not answer: at least this page stops showing more.
  }
  if (isBusy(session)) await session.stop()
}

function createChatSessions(refreshList: (ended?: string) => Promise<void>): ChatSessions {
  const sessions = new Map<string, ChatSession>()
  const withMore = new Set<string>()
  const listeners = new Set<(chatId: string) => void>()
  const events: SessionEvents = {
    onAccepted: (chatId) => {
      for (const listener of listeners) listener(chatId)
      void refreshList()
    },
    onFinished: (chatId) => void refreshList(chatId),
  }
  function show(chatId: string, { messages, earlier }: ShownPart) {
    const session = sessions.get(chatId)
    if (session) session.messages = messages
    if (earlier) withMore.add(chatId)
    else withMore.delete(chatId)
  }
  function sync(chatId: string, newest: ShownPart) {
    const session = sessions.get(chatId)
    if (!session || isBusy(session)) return
    const known = { messages: session.messages, earlier: withMore.has(chatId) }
    show(chatId, withNewest(known, newest))
  }
  return {
    open: (chatId, initial) => {
      const known = sessions.get(chatId)
      if (known) return { session: known, known: true }
      const session = createChatSession(chatId, initial.messages, events)
      sessions.set(chatId, session)
      if (initial.earlier) withMore.add(chatId)
      return { session, known: false }
    },
    hasEarlier: (chatId) => withMore.has(chatId),
    sync,
    prepend: (chatId, before) => {
      const session = sessions.get(chatId)
      if (session) show(chatId, withEarlier({ messages: session.messages, earlier: true }, before))
    },
    reload: async (chatId, signal) => {
      const before = sessions.get(chatId)?.messages
      if (!before?.length) return // Nothing was said yet: the server does not know the chat.
      const newest = await readShown(chatId, { signal })
      // Something was said meanwhile: what was read is older than that.
      if (sessions.get(chatId)?.messages === before) sync(chatId, newest)
    },
    stop: async (chatId) => {
      const session = sessions.get(chatId)
      if (session) await stopAnswer(chatId, session)
    },
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
