'use client'

import { useChat } from '@ai-sdk/react'
import { useEffect, useState } from 'react'

import { sendTo } from './chat-session'
import { useChatSessions } from './chat-sessions-context'
import { newId } from './new-id'
import { useFreshAnswer } from './use-fresh-answer'

import type { ChatMessage } from '@/chat/message'
import { RequestError } from '@/components/api/request'

/** Renders at most this often while tokens pour in. */
const THROTTLE_MS = 50

type Unsent = { id: string; text: string; failure: RequestError }

/**
 * One chat as its page needs it: what was said, whether an answer is on its way, and what to do.
 * The page is keyed by the chat: `chatId` never changes.
 */
export function useConversation(chatId: string, initial: ChatMessage[]) {
  const sessions = useChatSessions()
  const [session] = useState(() => sessions.open(chatId, initial))
  useEffect(() => sessions.sync(chatId, initial), [sessions, chatId, initial])
  const { messages, status, error, regenerate, stop } = useChat({
    chat: session,
    throttle: THROTTLE_MS,
  })
  const busy = status === 'submitted' || status === 'streaming'
  useFreshAnswer(chatId, !busy && messages.at(-1)?.metadata?.status === 'streaming')
  const [unsent, setUnsent] = useState<Unsent | null>(null)

  /**
   * True as soon as the server took the message: its draft must not outlive that, however long the
   * answer takes. A message that it did not take leaves the conversation.
   */
  async function send(text: string): Promise<boolean> {
    // The same text sent again is the same message: the server may have stored it after all.
    const id = unsent?.text === text ? unsent.id : newId()
    setUnsent(null)
    const { promise: accepted, resolve } = Promise.withResolvers<null>()
    const forget = sessions.onAccepted((accepting) => accepting === chatId && resolve(null))
    const failure = await Promise.race([accepted, sendTo(session, { id, text })])
    forget()
    if (failure) setUnsent({ id, text, failure })
    return failure === null
  }

  return {
    messages,
    busy,
    /** Why the last answer could not even be asked for (a retry that the server refused). */
    refusal: error instanceof RequestError ? error : null,
    unsent,
    send,
    retry: () => void regenerate(),
    stop: () => void stop(),
  }
}
