'use client'

import { useEffect } from 'react'

import type { ChatSession } from './chat-session'
import { useChatSessions } from './chat-sessions-context'

import { RequestError } from '@/components/api/request'

const PAUSE_MS = 1500
/** After so many silent attempts the answer counts as cut off here; the server may know better later. */
const PATIENCE = 4

/** Marks the last answer as cut off: nobody can be asked how it went on. */
function giveUp(session: ChatSession): void {
  session.messages = session.messages.map((message, index, all) =>
    index === all.length - 1 && message.metadata?.status === 'streaming'
      ? { ...message, metadata: { ...message.metadata, status: 'interrupted' as const } }
      : message,
  )
}

/**
 * While an answer is written at the server but does not come in here (the page was reloaded, the
 * connection was lost, another tab asked), joins its stream; where there is none any more, reads how
 * it ended.
 */
export function useFreshAnswer(
  chatId: string,
  session: ChatSession,
  writtenElsewhere: boolean,
): void {
  const sessions = useChatSessions()
  useEffect(() => {
    if (!writtenElsewhere) return
    const asking = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let failures = 0

    async function join() {
      await session.resumeStream()
      const lost = session.error instanceof RequestError && session.error.code === 'network'
      session.clearError()
      failures = lost ? failures + 1 : 0
      if (failures >= PATIENCE) return giveUp(session)
      await sessions.reload(chatId, asking.signal).catch(() => {})
      if (!asking.signal.aborted) timer = setTimeout(() => void join(), PAUSE_MS)
    }

    void join()
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [sessions, session, chatId, writtenElsewhere])
}
