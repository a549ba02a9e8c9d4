'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'

import { useChatList } from './chat-list-context'

import type { ChatSummary } from '@/components/api/wire'
import { useChatSessions } from '@/components/chat/chat-sessions-context'
import { useToasts } from '@/components/ui/toasts'

/** As long as the server keeps a deleted chat, and a little less. */
const UNDO_MS = 19_000

/**
 * Deletes a chat at once and offers to undo it for a while. Whoever deletes the chat that is open
 * lands on a new one, and back in it by undoing.
 */
export function useChatDeletion(): (chat: ChatSummary, open: boolean) => Promise<void> {
  const t = useTranslations()
  const router = useRouter()
  const toast = useToasts()
  const { remove, restore } = useChatList()
  const sessions = useChatSessions()

  return async (chat, open) => {
    const title = chat.title || t('sidebar.untitled')

    async function undo() {
      try {
        await restore(chat.id)
        if (open) router.push(`/chats/${chat.id}`)
        toast({ text: t('chatMenu.restored', { title }) })
      } catch {
        toast({ text: t('chatMenu.restoreFailed', { title }) })
      }
    }

    try {
      await sessions.stop(chat.id)
      await remove(chat.id)
      sessions.drop(chat.id)
      if (open) router.push('/')
      toast({
        text: t('chatMenu.deleted', { title }),
        ms: UNDO_MS,
        action: { label: t('chatMenu.undo'), run: () => void undo() },
      })
    } catch {
      toast({ text: t('chatMenu.deleteFailed') })
    }
  }
}
