'use client'

import { useSaved, useSettingsStore } from './settings-context'

import { settingsIn, type ChatSettings, type Defaults } from '@/chat/settings'

/**
 * The settings of one chat in this tab: what it sets itself, what holds in it. null until read.
 * `isNew`: the server does not know the chat yet.
 */
export function useChatSettings(chatId: string, isNew: boolean) {
  const store = useSettingsStore()
  const entry = store.chat(chatId, isNew)
  const own = useSaved(entry)
  const defaults = useSaved(store.defaults)
  const effective: Defaults | null =
    own.value && defaults.value ? settingsIn(defaults.value, own.value) : null
  return {
    own: own.value,
    defaults: defaults.value,
    effective,
    /** Why they could not be read. */
    unread: own.unread ?? defaults.unread,
    saving: own.saving,
    change: entry.change,
    retry: entry.retry,
    /** Resolves once the last change is on the server: true; or could not be brought there: false. */
    settled: entry.settled,
    /** As `settled`; what could not be brought there before is tried once more. */
    brought: async (): Promise<boolean> => {
      if (entry.get().saving.state === 'failed') entry.retry()
      return entry.settled()
    },
    /** What the chat sets itself, once it is read; null: it cannot be. */
    read: entry.readOwn,
    readAgain: () => void Promise.all([entry.read(), store.defaults.read()]),
    /** What the first message of a new chat has to bring with it; undefined: nothing. */
    forFirstMessage: (): ChatSettings | undefined =>
      entry.isNew() ? (entry.get().value ?? undefined) : undefined,
  }
}
