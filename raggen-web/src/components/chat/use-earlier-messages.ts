'use client'

import { useCallback, useEffect, useRef } from 'react'

import { useChatSessions } from './chat-sessions-context'
import { readShown } from './read-shown'

const AT_ONCE = 1_000

/**
 * Brings what was said before the messages that came with the page, piece by piece, once the page
 * stands. Returns how to wait until everything is here.
 */
export function useEarlierMessages(chatId: string): () => Promise<void> {
  const sessions = useChatSessions()
  const reading = useRef<Promise<void> | null>(null)
  const left = useRef<AbortController | null>(null)

  const readAll = useCallback(() => {
    async function run(signal: AbortSignal) {
      while (sessions.hasEarlier(chatId) && !signal.aborted) {
        const before = sessions.open(chatId, { messages: [], earlier: false }).session.messages[0]
        if (!before) return
        const part = await readShown(chatId, { before: before.id, last: AT_ONCE, signal })
        if (part.messages.length === 0) part.earlier = false
        if (!signal.aborted) sessions.prepend(chatId, part)
      }
    }
    const controller = left.current ?? new AbortController()
    left.current = controller
    reading.current ??= run(controller.signal).finally(() => {
      reading.current = null
    })
    return reading.current
  }, [sessions, chatId])

  useEffect(() => {
    left.current = null
    // What cannot be read now is read with the next visit, or when it is jumped to.
    const timer = setTimeout(() => void readAll().catch(() => {}), 200)
    return () => {
      clearTimeout(timer)
      left.current?.abort()
      left.current = null
    }
  }, [readAll])

  return readAll
}
