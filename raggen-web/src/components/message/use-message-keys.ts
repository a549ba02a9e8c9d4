'use client'

import type { KeyboardEvent } from 'react'

import { useMessageActions } from './message-actions-context'

import type { ChatMessage } from '@/chat/message'
import { useAnswerActions } from '@/components/chat/answer-actions-context'
import { siblingsOf } from '@/components/chat/siblings'

/** Where a message stands in its conversation, from 1. */
export type Place = { index: number; count: number }

/** Presses a button of the message, as the person would. */
function press(article: HTMLElement, testId: string): void {
  article.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click()
}

/**
 * Keys that work while a message itself has the focus (by the key's place, so on a Russian layout
 * too): ← → other versions, E edit, C copy, R another answer.
 */
export function useMessageKeys(message: ChatMessage): (event: KeyboardEvent<HTMLElement>) => void {
  const actions = useMessageActions()
  const answers = useAnswerActions()
  return (event) => {
    const article = event.currentTarget
    if (event.target !== article || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.code === 'ArrowLeft' || event.code === 'ArrowRight') {
      const { ids, index } = siblingsOf(message)
      const version = ids[index + (event.code === 'ArrowLeft' ? -1 : 1)]
      if (version && actions && !actions.busy) actions.showVersion(message.id, version)
    } else if (event.code === 'KeyE' && message.role === 'user') press(article, 'edit')
    else if (event.code === 'KeyC') press(article, 'copy')
    else if (event.code === 'KeyR' && message.role === 'assistant' && answers && !answers.busy) {
      answers.regenerate(message.id, 'fresh')
    } else return
    event.preventDefault()
  }
}
