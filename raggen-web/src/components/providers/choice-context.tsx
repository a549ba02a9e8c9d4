'use client'

import { createContext, useContext, useMemo, type ReactNode } from 'react'

import { useProviders } from './providers-context'

import type { Provider, Selection } from '@/components/api/wire'

export type Choice = {
  /** Who answers here. */
  selection: Selection
  /** `chat`: a choice holds in this chat alone; `new-chats`: wherever a chat has none of its own. */
  scope: 'chat' | 'new-chats'
  /** Only in a chat: it has a choice of its own. */
  own: boolean
  /** Throws RequestError, and puts the former choice back, when the server did not take it. */
  choose: (selection: Selection) => Promise<void>
  /** Only in a chat: it follows the choice for new chats again. Throws RequestError. */
  follow: () => Promise<void>
  /** Only in a chat: its choice is shown, but the server has not got it. Nothing is sent until it has. */
  unsaved?: { retry: () => void }
}

const ChoiceContext = createContext<Choice | null>(null)

/** Below it, whoever is chosen answers in this one chat. */
export function ChoiceProvider({ choice, children }: { choice: Choice; children: ReactNode }) {
  return <ChoiceContext value={choice}>{children}</ChoiceContext>
}

/** Who answers here: in the chat around, or else in new chats. */
export function useChoice(): Choice {
  const inChat = useContext(ChoiceContext)
  const { selection, select } = useProviders()
  const everywhere = useMemo<Choice>(
    () => ({ selection, scope: 'new-chats', own: false, choose: select, follow: async () => {} }),
    [selection, select],
  )
  return inChat ?? everywhere
}

/** The kind of the chosen one. Until the list is loaded, its model's name tells. */
export function useChosenKind(): Provider['kind'] {
  const { providers } = useProviders()
  const { providerId, model } = useChoice().selection
  if (providerId === 'quotations' || providerId === 'local') return providerId
  const chosen = providers?.find(({ id }) => id === providerId)
  if (chosen) return chosen.kind
  if (model?.startsWith('gpt://')) return 'yandexgpt'
  return model?.startsWith('GigaChat') ? 'gigachat' : 'openai'
}
