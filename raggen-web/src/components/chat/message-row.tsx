'use client'

import { memo } from 'react'

import type { ChatMessage } from '@/chat/message'
import { AssistantMessage } from '@/components/message/assistant-message'
import { UserMessage } from '@/components/message/user-message'

type MessageRowProps = {
  chatId: string
  message: ChatMessage
  /** From 1, of `count`. */
  index: number
  count: number
  live: boolean
  onRetry: (() => void) | null
}

/** One message; rendered again only when something about it changed. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { chatId, message, index, count, live, onRetry } = props
  const place = { index, count }
  if (message.role === 'user') return <UserMessage message={message} place={place} />
  return (
    <AssistantMessage
      chatId={chatId}
      message={message}
      live={live}
      onRetry={onRetry}
      place={place}
    />
  )
})
