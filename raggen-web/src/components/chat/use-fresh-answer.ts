'use client'

import { useEffect } from 'react'

import { useChatSessions } from './chat-sessions-context'

import type { ChatMessage } from '@/chat/message'
import { requestJson } from '@/components/api/request'

const PAUSE_MS = 1500

/**
 * While an answer is written elsewhere (another tab, or for this page before it was reloaded), asks
 * for it again and again: it comes to its end here too, instead of being "still written" for ever.
 */
export function useFreshAnswer(chatId: string, writtenElsewhere: boolean): void {
  const sessions = useChatSessions()
  useEffect(() => {
    if (!writtenElsewhere) return
    const asking = new AbortController()
    const timer = setInterval(() => {
      requestJson<{ messages: ChatMessage[] }>(`/api/chats/${chatId}`, { signal: asking.signal })
        .then(({ messages }) => sessions.sync(chatId, messages))
        .catch(() => {}) // The next one may come through; the status line says what is wrong.
    }, PAUSE_MS)
    return () => {
      clearInterval(timer)
      asking.abort()
    }
  }, [sessions, chatId, writtenElsewhere])
}
