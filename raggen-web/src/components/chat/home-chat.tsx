'use client'

import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'

import { useChatSessions } from './chat-sessions-context'
import { ChatView } from './chat-view'
import { newId } from './new-id'
import type { ShownPart } from './shown-part'

import { chatIdOf } from '@/components/sidebar/chat-id-of'

const NOTHING_YET: ShownPart = { messages: [], earlier: false }

/**
 * A new chat. Its id is made here; once the server has taken the first message the address becomes
 * `/chats/<id>` without leaving the page, so nothing that streams or is typed gets lost. Coming
 * back to `/` (the link, the back button) starts another one.
 */
export function HomeChat() {
  const addressed = chatIdOf(usePathname())
  const sessions = useChatSessions()
  const [freshId, setFreshId] = useState(newId)
  const [shown, setShown] = useState(addressed)
  if (shown !== addressed) {
    setShown(addressed)
    if (addressed === null) setFreshId(newId())
  }

  useEffect(
    () =>
      sessions.onAccepted((chatId) => {
        if (chatId !== freshId || window.location.pathname !== '/') return
        window.history.pushState(null, '', `/chats/${chatId}`)
      }),
    [sessions, freshId],
  )

  const chatId = addressed ?? freshId
  return (
    <ChatView
      key={chatId}
      chatId={chatId}
      initial={NOTHING_YET}
      title={null}
      draftName={addressed ?? 'new'}
    />
  )
}
