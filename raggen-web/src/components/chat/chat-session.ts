import { Chat } from '@ai-sdk/react'
import { DefaultChatTransport } from 'ai'

import { messageText } from './message-text'
import { newId } from './new-id'

import type { AnswerStatus, ChatMessage, MessageMetadata } from '@/chat/message'
import { request, RequestError } from '@/components/api/request'

type SessionEvents = {
  /** The server took the message: from now on the chat exists there. */
  onAccepted: (chatId: string) => void
  onFinished: (chatId: string) => void
}

/** One chat in this tab: its messages and, while one is written, its answer's stream. */
export type ChatSession = Chat<ChatMessage>

/** Posts only the newest user message; the server knows the rest. */
function transport(chatId: string, events: SessionEvents) {
  return new DefaultChatTransport<ChatMessage>({
    api: `/api/chats/${chatId}/messages`,
    prepareSendMessagesRequest: ({ messages, trigger }) => {
      const asked = messages.findLast((message) => message.role === 'user')
      if (!asked) throw new RequestError('unknown', 0)
      return {
        body: {
          message: { id: asked.id, text: messageText(asked) },
          trigger: trigger === 'regenerate-message' ? 'retry' : 'submit',
        },
      }
    },
    fetch: async (input, init) => {
      const response = await request(String(input), init)
      events.onAccepted(chatId)
      return response
    },
  })
}

/**
 * How an answer ended, as seen from here. The server says so itself in the last metadata;
 * a stream that was cut before that is told apart by how it was cut.
 */
function ending(message: ChatMessage, cut: { isAbort: boolean; isError: boolean; lost: boolean }) {
  const known = message.metadata?.status
  if (known && known !== 'streaming') return known
  const status: AnswerStatus = cut.isAbort
    ? 'stopped'
    : cut.isError && !cut.lost
      ? 'failed'
      : 'interrupted'
  return status
}

/** What this tab can say of a message before the server does. */
function ownMetadata(id: string): MessageMetadata {
  const siblings = { ids: [id], index: 0 }
  return { createdAt: new Date().toISOString(), status: 'complete', parentId: null, siblings }
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
                ...ownMetadata(one.id),
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

/**
 * Sends a message; null when the server took it. One that it did not take leaves the conversation,
 * and why is answered: the text goes back to where it was written.
 */
export async function sendTo(
  session: ChatSession,
  { id, text }: { id: string; text: string },
): Promise<RequestError | null> {
  await session.sendMessage({
    id,
    role: 'user',
    parts: [{ type: 'text', text }],
    metadata: ownMetadata(id),
  })
  const failure = session.error
  if (!(failure instanceof RequestError)) return null
  session.messages = session.messages.filter((message) => message.id !== id)
  session.clearError()
  return failure
}
