'use client'

import { createContext, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'

import { createSaved, type Saved, type SavedState } from './saved'

import type { ChatSettings, Defaults } from '@/chat/settings'
import { requestJson } from '@/components/api/request'
import { useChatSessions } from '@/components/chat/chat-sessions-context'

const NOTHING_SET: ChatSettings = { generation: {}, context: {} }

export type ChatEntry = Saved<ChatSettings> & {
  /** The chat is not on the server yet: its settings go there with its first message. */
  isNew: () => boolean
  /** What the chat sets itself, once it is read; null: it cannot be. */
  readOwn: () => Promise<ChatSettings | null>
}

type SettingsStore = {
  defaults: Saved<Defaults>
  /** `isNew` counts when this tab asks for the chat's settings for the first time. */
  chat: (chatId: string, isNew: boolean) => ChatEntry
  /** The server has taken the chat's first message. */
  accepted: (chatId: string) => void
  /** Brings to the server what was not brought there yet. */
  flush: () => void
}

/** Outlives the page: what is changed last is not lost by closing the tab. */
const put = (path: string, body: unknown) =>
  requestJson<void>(path, { method: 'PUT', body, keepalive: true })

function createSettingsStore(): SettingsStore {
  const chats = new Map<string, ChatEntry>()
  const fresh = new Set<string>()
  const pathOf = (chatId: string) => `/api/chats/${chatId}/settings`
  const defaults = createSaved<Defaults>(
    async () => (await requestJson<{ defaults: Defaults }>('/api/settings')).defaults,
    (body) => put('/api/settings', body),
  )
  return {
    defaults,
    chat: (chatId, isNew) => {
      const known = chats.get(chatId)
      if (known) return known
      if (isNew) fresh.add(chatId)
      const saved = createSaved<ChatSettings>(
        async () =>
          fresh.has(chatId)
            ? NOTHING_SET
            : (await requestJson<{ settings: ChatSettings }>(pathOf(chatId))).settings,
        async (body) => {
          if (!fresh.has(chatId)) await put(pathOf(chatId), body)
        },
      )
      async function readOwn() {
        await saved.read()
        return saved.get().value
      }
      const entry = { ...saved, isNew: () => fresh.has(chatId), readOwn }
      chats.set(chatId, entry)
      return entry
    },
    accepted: (chatId) => void fresh.delete(chatId),
    flush: () => {
      for (const saved of [defaults, ...chats.values()]) saved.flush()
    },
  }
}

const SettingsContext = createContext<SettingsStore | null>(null)

/** Settings live above the pages: a chat that has just begun takes those chosen before it with it. */
export function SettingsProvider({ children }: { children: ReactNode }) {
  const [store] = useState(createSettingsStore)
  const sessions = useChatSessions()
  useEffect(() => sessions.onAccepted(store.accepted), [sessions, store])
  useEffect(() => {
    // A phone throws a hidden page away without another word.
    const onHidden = () => document.visibilityState === 'hidden' && store.flush()
    document.addEventListener('visibilitychange', onHidden)
    window.addEventListener('pagehide', store.flush)
    return () => {
      document.removeEventListener('visibilitychange', onHidden)
      window.removeEventListener('pagehide', store.flush)
    }
  }, [store])
  return <SettingsContext value={store}>{children}</SettingsContext>
}

/** Where this tab keeps settings. */
export function useSettingsStore(): SettingsStore {
  const store = useContext(SettingsContext)
  if (!store) throw new Error('useSettingsStore needs a SettingsProvider above it')
  return store
}

/** The state of a saved value, read from the server when it is not here yet. */
export function useSaved<T>(saved: Saved<T>): SavedState<T> {
  useEffect(() => void saved.read(), [saved])
  return useSyncExternalStore(saved.subscribe, saved.get, saved.get)
}
