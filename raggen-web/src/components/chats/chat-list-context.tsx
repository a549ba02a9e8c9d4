'use client'

import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'

import { requestJson } from '@/components/api/request'
import type { ChatSummary } from '@/components/api/wire'

type ChatList = {
  chats: ChatSummary[]
  failed: boolean
  /** Ask the server again; a failure keeps the list that is shown. */
  refresh: () => Promise<void>
  /** Throws RequestError when the server did not take it. */
  rename: (chatId: string, title: string) => Promise<void>
  /** Deletes and forgets. Throws RequestError when the server did not take it. */
  remove: (chatId: string) => Promise<void>
}

const ChatListContext = createContext<ChatList | null>(null)

/** The chats that the sidebar shows, kept fresh when the person comes back to the tab. */
export function ChatListProvider(props: { initial: ChatSummary[]; children: ReactNode }) {
  const [chats, setChats] = useState(props.initial)
  const [failed, setFailed] = useState(false)

  const refresh = useCallback(async () => {
    try {
      setChats((await requestJson<{ chats: ChatSummary[] }>('/api/chats')).chats)
      setFailed(false)
    } catch {
      setFailed(true)
    }
  }, [])

  const rename = useCallback(async (chatId: string, title: string) => {
    await requestJson(`/api/chats/${chatId}`, { method: 'PATCH', body: { title } })
    setChats((all) => all.map((chat) => (chat.id === chatId ? { ...chat, title } : chat)))
  }, [])

  const remove = useCallback(async (chatId: string) => {
    await requestJson(`/api/chats/${chatId}`, { method: 'DELETE' })
    setChats((all) => all.filter((chat) => chat.id !== chatId))
  }, [])

  useEffect(() => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  }, [refresh])

  const value = useMemo(
    () => ({ chats, failed, refresh, rename, remove }),
    [chats, failed, refresh, rename, remove],
  )
  return <ChatListContext value={value}>{props.children}</ChatListContext>
}

/** The chats, and what can be done with them. */
export function useChatList(): ChatList {
  const list = useContext(ChatListContext)
  if (!list) throw new Error('useChatList needs a ChatListProvider above it')
  return list
}
