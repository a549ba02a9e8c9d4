'use client'

import { useEffect, useRef } from 'react'

import { useChatSessions } from './chat-sessions-context'
import type { ShownPart } from './shown-part'

/**
 * Keeps a chat that stays open in step with the server: when the page brings newer messages, when a
 * chat is opened that this tab had before, and when the person comes back to the tab.
 */
export function useFreshMessages(chatId: string, initial: ShownPart, known: boolean): void {
  const sessions = useChatSessions()
  const seen = useRef(initial)

  useEffect(() => {
    if (seen.current === initial) return
    seen.current = initial
    sessions.sync(chatId, initial)
  }, [sessions, chatId, initial])

  useEffect(() => {
    const asking = new AbortController()
    const ask = () => {
      if (document.visibilityState !== 'visible') return
      // A new chat is not on the server yet; what is wrong otherwise the status line says.
      sessions.reload(chatId, asking.signal).catch(() => {})
    }
    if (known) ask()
    document.addEventListener('visibilitychange', ask)
    return () => {
      asking.abort()
      document.removeEventListener('visibilitychange', ask)
    }
  }, [sessions, chatId, known])
}
