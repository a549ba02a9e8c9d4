'use client'

import { useChat } from '@ai-sdk/react'
import { useEffect, useRef, useState } from 'react'

import type { AnswerContext } from './answer-actions-context'
import { editIn, regenerateIn, retryIn, sendTo } from './chat-session'
import { isBusy, useChatSessions } from './chat-sessions-context'
import { newId } from './new-id'
import type { ShownPart } from './shown-part'
import { useEarlierMessages } from './use-earlier-messages'
import { useFreshAnswer } from './use-fresh-answer'
import { useFreshMessages } from './use-fresh-messages'

import type { ChatMessage } from '@/chat/message'
import type { ChatSettings } from '@/chat/settings'
import { requestJson, RequestError } from '@/components/api/request'
import { useProviders } from '@/components/providers/providers-context'
import { useChatSettings } from '@/components/settings/use-chat-settings'

/** Renders at most this often while tokens pour in. */
const THROTTLE_MS = 50

type Unsent = { id: string; text: string; failure: RequestError }

/**
 * One chat as its page needs it: what was said, whether an answer is on its way, and what to do.
 * The page is keyed by the chat: `chatId` never changes. Whatever the server did not take leaves the
 * conversation as it was.
 */
export function useConversation(chatId: string, initial: ShownPart) {
  const sessions = useChatSessions()
  const [{ session, known }] = useState(() => sessions.open(chatId, initial))
  const { messages, status } = useChat({ chat: session, throttle: THROTTLE_MS })
  const { told } = useProviders()
  const { brought } = useChatSettings(chatId, messages.length === 0)
  const busy = status === 'submitted' || status === 'streaming'
  const last = messages.at(-1)
  useFreshMessages(chatId, initial, known)
  useFreshAnswer(chatId, session, !busy && last?.metadata?.status === 'streaming')
  const readAllEarlier = useEarlierMessages(chatId)
  const [unsent, setUnsent] = useState<Unsent | null>(null)
  const [refusal, setRefusal] = useState<RequestError | null>(null)
  const wasBusy = useRef(busy)
  useEffect(() => {
    if (busy && !wasBusy.current) setRefusal(null)
    wasBusy.current = busy
  }, [busy])

  /**
   * Resolves as soon as the server took it, however long the answer takes; else with why not. Whoever
   * was chosen a moment ago has to answer this very question: it waits for that, and where the server
   * could not be told, it goes to nobody.
   */
  async function accepted(ask: () => Promise<RequestError | null>): Promise<RequestError | null> {
    if (!(await told()) || !(await brought())) return new RequestError('settings_unsaved', 0)
    if (isBusy(session)) return new RequestError('answer_in_progress', 409) // Asked twice meanwhile.
    const { promise, resolve } = Promise.withResolvers<null>()
    const forget = sessions.onAccepted((accepting) => accepting === chatId && resolve(null))
    const failure = await Promise.race([promise, ask()])
    forget()
    return failure
  }

  async function send(text: string, settings?: ChatSettings): Promise<boolean> {
    // The same text sent again is the same message: the server may have stored it after all.
    const id = unsent?.text === text ? unsent.id : newId()
    setUnsent(null)
    const failure = await accepted(() => sendTo(session, { id, text, settings }))
    if (failure) setUnsent({ id, text, failure })
    return failure === null
  }

  async function retry(): Promise<void> {
    setRefusal(null)
    setRefusal(await accepted(() => retryIn(session)))
  }

  /** Shows the branch through a message. Throws RequestError. */
  async function showBranch(messageId: string): Promise<void> {
    const body = { messageId }
    const path = `/api/chats/${chatId}/leaf`
    const shown = await requestJson<{ messages: ChatMessage[] }>(path, { method: 'PUT', body })
    sessions.sync(chatId, { messages: shown.messages, earlier: false })
  }

  return {
    messages,
    busy,
    /** Why the last answer could not even be asked for. */
    refusal,
    unsent,
    send,
    edit: (messageId: string, text: string) =>
      accepted(() => editIn(session, messageId, { id: newId(), text })),
    regenerate: (answerId: string, context: AnswerContext) =>
      accepted(() => regenerateIn(session, answerId, context)),
    retry: () => void retry(),
    stop: () => void sessions.stop(chatId),
    isShown: (messageId: string) => session.messages.some(({ id }) => id === messageId),
    showBranch,
    readAllEarlier,
  }
}
