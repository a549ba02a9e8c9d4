'use client'

import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { useChatList } from './chat-list-context'

import type { ChatSummary } from '@/components/api/wire'
import { useChatSessions } from '@/components/chat/chat-sessions-context'
import { Confirm } from '@/components/ui/confirm'

type DeleteChatProps = {
  chat: ChatSummary
  title: string
  active: boolean
  open: boolean
  onOpenChange: (open: boolean) => void
  onClosed: () => void
}

/** Asks, then deletes and forgets. Whoever deletes the chat that is open lands on a new one. */
export function DeleteChat(props: DeleteChatProps) {
  const { chat, title, active, open, onOpenChange, onClosed } = props
  const t = useTranslations('chatMenu')
  const router = useRouter()
  const { remove } = useChatList()
  const sessions = useChatSessions()
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)

  async function confirm() {
    setBusy(true)
    setFailed(false)
    try {
      // An answer that is still being written would otherwise be stored into a deleted chat.
      await sessions.stop(chat.id)
      await remove(chat.id)
      sessions.drop(chat.id)
      onOpenChange(false)
      if (active) router.push('/')
    } catch {
      setFailed(true)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      onCloseAutoFocus={(event) => {
        event.preventDefault()
        onClosed()
      }}
      title={t('deleteTitle', { title })}
      body={t('deleteBody')}
      confirm={busy ? t('deleting') : t('deleteConfirm')}
      cancel={t('cancel')}
      busy={busy}
      error={failed ? t('deleteFailed') : null}
      onConfirm={() => void confirm()}
    />
  )
}
