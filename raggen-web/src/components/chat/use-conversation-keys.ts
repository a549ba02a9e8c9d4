'use client'

import type { KeyboardEvent } from 'react'

import { rendered } from './use-jump-target'

import type { ChatMessage } from '@/chat/message'

type ConversationKeys = {
  messages: ChatMessage[]
  busy: boolean
  bring: (messageId: string) => Promise<boolean>
  onLeave: () => void
}

/**
 * Keys of the conversation: Alt+↑ and Alt+↓ go from message to message, Escape goes back to where
 * one writes (while an answer is written it stops that). From outside of a message they start at the end.
 */
export function useConversationKeys({ messages, busy, bring, onLeave }: ConversationKeys) {
  async function go(messageId: string) {
    const inPage = document.getElementById(`m-${messageId}`)
    if (inPage) {
      inPage.focus()
      return
    }
    if (await bring(messageId)) (await rendered(messageId))?.focus({ preventScroll: true })
  }

  return (event: KeyboardEvent<HTMLElement>) => {
    const { target, key } = event
    if (event.defaultPrevented || !(target instanceof HTMLElement)) return
    if (key === 'Escape' && !busy && !target.closest('[role="menu"], textarea')) {
      event.preventDefault()
      return onLeave()
    }
    if (!event.altKey || (key !== 'ArrowUp' && key !== 'ArrowDown')) return
    event.preventDefault()
    const id = target.closest('article')?.id.slice('m-'.length)
    const at = id ? messages.findIndex((message) => message.id === id) : messages.length
    const to = messages[at + (key === 'ArrowUp' ? -1 : 1)]
    if (to) void go(to.id)
  }
}
