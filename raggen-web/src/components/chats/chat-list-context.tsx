'use client'

import { createContext, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'

import { byPlace } from './chat-order'

import { request, requestJson } from '@/components/api/request'
import type { ChatSummary } from '@/components/api/wire'

/** When to look again for the title that the model makes after an answer, in milliseconds. */
const TITLE_PAUSES_MS = [1_500, 3_000, 6_000, 12_000]

export type ChatChange = { title?: string; pinned?: boolean; excluded?: boolean }

type ChatList = {
  /** In the order in which they are shown. */
  chats: ChatSummary[]
  failed: boolean
  /** Ask the server again; a failure keeps the list that is shown. `ended`: an answer there has. */
  refresh: (ended?: string) => Promise<void>
  /** Throws RequestError, and shows the former state again, when the server did not take it. */
  change: (chatId: string, change: ChatChange) => Promise<void>
  /** Deletes; can be undone for a while. Throws RequestError when the server did not take it. */
  remove: (chatId: string) => Promise<void>
  /** Brings a chat back that was deleted a moment ago. Throws RequestError when it is too late. */
  restore: (chatId: string) => Promise<void>
}

const ChatListContext = createContext<ChatList | null>(null)

const readChats = async () => (await requestJson<{ chats: ChatSummary[] }>('/api/chats')).chats

/** The chat as it is to be once the server has taken the change. */
function changed(chat: ChatSummary, { title, pinned, excluded }: ChatChange): ChatSummary {
  const now = new Date().toISOString()
  return {
    ...chat,
    ...(title !== undefined && { title, titledBy: 'person' as const }),
    ...(pinned !== undefined && { pinnedAt: pinned ? now : null }),
    ...(excluded !== undefined && { excludedAt: excluded ? now : null }),
  }
}

type SetChats = (next: (chats: ChatSummary[]) => ChatSummary[]) => void
type SetFailed = (failed: boolean) => void

/** What can be done with the list; `setChats` shows it. */
function listActions(setChats: SetChats, setFailed: SetFailed): Omit<ChatList, 'chats' | 'failed'> {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>()

  async function read() {
    try {
      const chats = await readChats()
      setChats(() => chats)
      setFailed(false)
      return chats
    } catch {
      setFailed(true)
      return null
    }
  }

  /** The model titles a chat after its first answer; there is no telling when, or whether. */
  function awaitTitle(chatId: string, chats: ChatSummary[] | null, attempt = 0) {
    clearTimeout(waiting.get(chatId))
    waiting.delete(chatId)
    const pause = TITLE_PAUSES_MS[attempt]
    const chat = chats?.find(({ id }) => id === chatId)
    if (pause === undefined || chat?.titledBy !== 'question') return
    const again = async () => awaitTitle(chatId, await read(), attempt + 1)
    waiting.set(
      chatId,
      setTimeout(() => void again(), pause),
    )
  }

  const replace = (chat: ChatSummary) =>
    setChats((all) => all.map((one) => (one.id === chat.id ? chat : one)))

  return {
    refresh: async (ended) => {
      const chats = await read()
      if (ended) awaitTitle(ended, chats)
    },
    change: async (chatId, change) => {
      setChats((all) => all.map((chat) => (chat.id === chatId ? changed(chat, change) : chat)))
      try {
        const path = `/api/chats/${chatId}`
        const taken = { method: 'PATCH', body: change }
        replace((await requestJson<{ chat: ChatSummary }>(path, taken)).chat)
      } catch (error) {
        void read()
        throw error
      }
    },
    remove: async (chatId) => {
      await requestJson(`/api/chats/${chatId}`, { method: 'DELETE' })
      setChats((all) => all.filter((chat) => chat.id !== chatId))
    },
    restore: async (chatId) => {
      await request(`/api/chats/${chatId}/restore`, { method: 'POST' })
      await read()
    },
  }
}

type ChatListProps = {
  initial: ChatSummary[]
  /** There are more than the initial ones: all are asked for once the page stands. */
  more?: boolean
  children: ReactNode
}

/** The chats that the sidebar shows, kept fresh when the person comes back to the tab. */
export function ChatListProvider(props: ChatListProps) {
  const [chats, setChats] = useState(props.initial)
  const [failed, setFailed] = useState(false)
  const [actions] = useState(() => listActions(setChats, setFailed))
  const { refresh } = actions

  // Another page brings the list again, maybe newer.
  const seen = useRef(props.more ? null : props.initial)
  useEffect(() => {
    if (seen.current === props.initial) return
    seen.current = props.initial
    void refresh()
  }, [props.initial, refresh])

  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  }, [refresh])

  const ordered = useMemo(() => byPlace(chats), [chats])
  const value = useMemo(() => ({ chats: ordered, failed, ...actions }), [ordered, failed, actions])
  return <ChatListContext value={value}>{props.children}</ChatListContext>
}

/** The chats, and what can be done with them. */
export function useChatList(): ChatList {
  const list = useContext(ChatListContext)
  if (!list) throw new Error('useChatList needs a ChatListProvider above it')
  return list
}
