import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'

import { messageText } from './message-text'
import { newId } from './new-id'
import { nextSibling, siblingsOf } from './siblings'

import type { AnswerStatus, ChatMessage, MessageMetadata } from '@/chat/message'
import type { ChatSettings } from '@/chat/settings'
import { request, RequestError } from '@/components/api/request'
import type { AnswerContext } from '@/components/chat/answer-actions-context'

export type SessionEvents = {
  /** The server took the message: from now on the chat exists there. */
  onAccepted: (chatId: string) => void
  onFinished: (chatId: string) => void
}

/** One chat in this tab: its messages and, while one is written, its answer's stream. */
export type ChatSession = Chat<ChatMessage>

export type Question = {
  id: string
  text: string
  /** What the chat sets otherwise; counts when this message makes the chat. */
  settings?: ChatSettings
}

/** Posts only the newest user message, and what is wanted with it; the server knows the rest. */
function transport(chatId: string, events: SessionEvents) {
  return new DefaultChatTransport<ChatMessage>({
    api: `/api/chats/${chatId}/messages`,
    prepareSendMessagesRequest: ({ messages, trigger, body }) => {
      const asked = messages.findLast((message) => message.role === 'user')
      if (!asked) throw new RequestError('unknown', 0)
      return {
        body: {
          message: { id: asked.id, text: messageText(asked) },
          trigger: trigger === 'regenerate-message' ? 'retry' : 'submit',
          ...body,
        },
      }
    },
    prepareReconnectToStreamRequest: () => ({ api: `/api/chats/${chatId}/stream` }),
    fetch: async (input, init) => {
      const response = await request(String(input), init)
      if (init?.method === 'POST') events.onAccepted(chatId)
      return response
    },
  })
}

/**
 * How an answer ended, as seen from here. The server says so itself in the last metadata. Where the
 * stream was cut before that, the answer may still be written there: `streaming` until it was asked.
 */
function ending(message: ChatMessage, cut: { isAbort: boolean; isError: boolean; lost: boolean }) {
  const known = message.metadata?.status
  if (known && known !== 'streaming') return known
  const status: AnswerStatus = cut.isAbort
    ? 'stopped'
    : cut.isError && !cut.lost
      ? 'failed'
      : 'streaming'
  return status
}

/** Makes a chat that lives as long as the tab, whatever page is shown. */
export function createChatSession(
  chatId: string,
  messages: ChatMessage[],
  events: SessionEvents,
): ChatSession {
  const session: ChatSession = new Chat<ChatMessage>({
    id: chatId,
    messages,
    generateId: newId,
    transport: transport(chatId, events),
    onFinish: ({ message, isAbort, isError, isDisconnect }) => {
      const status = ending(message, { isAbort, isError, lost: isDisconnect })
      const errorCode = message.metadata?.errorCode ?? session.error?.message
      session.messages = session.messages.map((one) =>
        one.id === message.id && one.role === 'assistant'
          ? {
              ...one,
              metadata: {
                ...localMetadata(one.id, null),
                ...one.metadata,
                status,
                ...(status === 'failed' ? { errorCode } : {}),
              },
            }
          : one,
      )
      events.onFinished(chatId)
    },
  })
  return session
}

/** What a message carries until the server has said more. */
function localMetadata(id: string, parentId: string | null): MessageMetadata {
  return {
    createdAt: new Date().toISOString(),
    status: 'complete',
    parentId,
    siblings: { ids: [id], index: 0 },
  }
}

/**
 * Runs a request of the session; null when the server took it. One that it did not take leaves the
 * conversation as it was before, and why is answered.
 */
async function attempt(
  session: ChatSession,
  before: ChatMessage[],
  run: () => Promise<void>,
): Promise<RequestError | null> {
  await run()
  const failure = session.error
  if (!(failure instanceof RequestError)) return null
  session.messages = before
  session.clearError()
  return failure
}

/** Sends a message after everything that is shown; null when the server took it. */
export function sendTo(session: ChatSession, question: Question): Promise<RequestError | null> {
  const { id, text, settings } = question
  const before = session.messages
  const parentId = before.at(-1)?.id
  return attempt(session, before, () =>
    session.sendMessage(
      {
        id,
        role: 'user',
        parts: [{ type: 'text', text }],
        metadata: localMetadata(id, parentId ?? null),
      },
      { body: { ...(parentId && { parentId }), ...(settings && { settings }) } },
    ),
  )
}

/** Asks `edited` otherwise: a new message beside it; what followed it stays on its own branch. */
export function editIn(
  session: ChatSession,
  edited: string,
  { id, text }: Question,
): Promise<RequestError | null> {
  const before = session.messages
  const at = before.findIndex((message) => message.id === edited)
  const old = before[at]
  if (!old) return Promise.resolve(new RequestError('message_not_found', 404))
  const parentId = old.metadata?.parentId ?? before[at - 1]?.id ?? null
  session.messages = before.slice(0, at)
  return attempt(session, before, () =>
    session.sendMessage(
      {
        id,
        role: 'user',
        parts: [{ type: 'text', text }],
        metadata: { ...localMetadata(id, parentId), siblings: nextSibling(siblingsOf(old), id) },
      },
      { body: { parentId } },
    ),
  )
}

/** Asks again for the last answer, which failed or never came; null when the server took it. */
export function retryIn(session: ChatSession): Promise<RequestError | null> {
  return attempt(session, session.messages, () => session.regenerate())
}

/** Asks for a further answer beside `answerId`; null when the server took it. */
export function regenerateIn(
  session: ChatSession,
  answerId: string,
  context: AnswerContext,
): Promise<RequestError | null> {
  const body = { trigger: 'regenerate', context, ...(context === 'same' && { answerId }) }
  return attempt(session, session.messages, () => session.regenerate({ messageId: answerId, body }))
}
