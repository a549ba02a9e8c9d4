'use client'

import { ArrowDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { Announcer } from './announcer'
import { useJumpTarget } from './use-jump-target'
import { useStickToBottom } from './use-stick-to-bottom'

import type { ChatMessage } from '@/chat/message'
import type { RequestError } from '@/components/api/request'
import { AssistantMessage } from '@/components/message/assistant-message'
import { PendingAnswer } from '@/components/message/pending-answer'
import { Unanswered } from '@/components/message/unanswered'
import { UserMessage } from '@/components/message/user-message'
import { Button } from '@/components/ui/button'

type ConversationProps = {
  chatId: string
  messages: ChatMessage[]
  busy: boolean
  refusal: RequestError | null
  onRetry: () => void
}

/** Everything said in a chat. It stays at its end while an answer grows, unless the person scrolls up. */
export function Conversation({ chatId, messages, busy, refusal, onRetry }: ConversationProps) {
  const t = useTranslations('chat')
  const { scroller, content, atEnd, toEnd, release } = useStickToBottom()
  useJumpTarget(release)

  const last = messages.at(-1)
  const lastAsked = messages.findLast((message) => message.role === 'user')?.id
  const shownAsked = useRef(lastAsked)
  useEffect(() => {
    // A message was just sent from here: go to it, wherever the person was reading.
    if (lastAsked !== shownAsked.current) toEnd()
    shownAsked.current = lastAsked
  }, [lastAsked, toEnd])

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t('messages')}
        className="h-full [scrollbar-gutter:stable_both-edges] overflow-y-auto overscroll-contain outline-offset-[-2px]"
      >
        <div ref={content} className="relative mx-auto max-w-3xl px-4 pt-6 pb-8">
          {messages.map((message, index) =>
            message.role === 'user' ? (
              <UserMessage key={message.id} message={message} />
            ) : (
              // Keyed by the question: the placeholder and the answer are the same element.
              <AssistantMessage
                key={`answer-${messages[index - 1]?.id ?? message.id}`}
                chatId={chatId}
                message={message}
                live={busy && message === last}
                onRetry={!busy && message === last ? onRetry : null}
              />
            ),
          )}
          {last?.role === 'user' && busy && <PendingAnswer />}
          {last?.role === 'user' && !busy && <Unanswered failure={refusal} onRetry={onRetry} />}
        </div>
      </div>
      {!atEnd && (
        <Button
          onClick={() => toEnd('smooth')}
          aria-label={t('jumpToLatest')}
          data-testid="jump-to-latest"
          className="absolute bottom-3 left-1/2 size-9 -translate-x-1/2 animate-appear rounded-full shadow-lift"
        >
          <ArrowDown aria-hidden />
        </Button>
      )}
      <Announcer messages={messages} busy={busy} />
    </div>
  )
}
