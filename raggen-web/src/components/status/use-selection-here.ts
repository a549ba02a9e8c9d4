'use client'

import { usePathname } from 'next/navigation'
import { useSyncExternalStore } from 'react'

import type { Selection } from '@/components/api/wire'
import { useProviders } from '@/components/providers/providers-context'
import { useSettingsStore } from '@/components/settings/settings-context'
import { chatIdOf } from '@/components/sidebar/chat-id-of'

const never = () => () => {}
const nothing = () => null

/** Who answers on the page that is shown: its chat's own choice, else the one for new chats. */
export function useSelectionHere(): Selection {
  const { selection } = useProviders()
  const store = useSettingsStore()
  const chatId = chatIdOf(usePathname())
  // The chat's page reads it; here it is only looked at.
  const entry = chatId === null ? null : store.chat(chatId, false)
  const get = entry?.get ?? nothing
  const state = useSyncExternalStore(entry?.subscribe ?? never, get, get)
  return state?.value?.selection ?? selection
}
