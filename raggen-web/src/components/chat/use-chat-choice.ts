'use client'

import { useMemo } from 'react'

import type { ChatSettings } from '@/chat/settings'
import { RequestError } from '@/components/api/request'
import type { Selection } from '@/components/api/wire'
import type { Choice } from '@/components/providers/choice-context'
import { useProviders } from '@/components/providers/providers-context'
import { useChatSettings } from '@/components/settings/use-chat-settings'

/**
 * Who answers in a chat. A new one has nobody of its own: choosing there is choosing for new chats,
 * and a chat that has begun follows that until it gets its own.
 *
 * @param initial What the chat set itself when the page was made.
 */
export function useChatChoice(
  chatId: string,
  isNew: boolean,
  initial: Selection | undefined,
): Choice {
  const { own, read, change, settled, saving, retry } = useChatSettings(chatId, isNew)
  const { selection: usual, select } = useProviders()
  const mine = own === null ? initial : own.selection
  return useMemo<Choice>(() => {
    const selection = mine ?? usual
    if (isNew) {
      return { selection, scope: 'new-chats', own: false, choose: select, follow: async () => {} }
    }
    /** What else the chat sets: not knowing it, a choice would lose it. */
    async function mustRead(): Promise<ChatSettings> {
      const settings = await read()
      if (settings === null) throw new RequestError('network', 0)
      return settings
    }
    return {
      selection,
      scope: 'chat',
      own: mine !== undefined,
      choose: async (wanted) => {
        change({ ...(await mustRead()), selection: wanted })
        await settled() // At once: an answer may be asked for the next moment.
      },
      follow: async () => {
        const { generation, context } = await mustRead()
        change({ generation, context })
      },
      unsaved: saving.state === 'failed' ? { retry } : undefined,
    }
  }, [isNew, mine, usual, read, change, settled, retry, saving, select])
}
