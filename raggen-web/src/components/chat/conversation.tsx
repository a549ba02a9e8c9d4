'use client'

import { ArrowDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { Announcer } from './announcer'
import { MessageRows } from './message-rows'
import { useBringMessage } from './use-bring-message'
import { useConversationKeys } from './use-conversation-keys'
import { useFindHint } from './use-find-hint'
import { useJumpTarget } from './use-jump-target'
import { useStickToBottom } from './use-stick-to-bottom'
import { useVirtualRows } from './use-virtual-rows'

import type { ChatMessage } from '@/chat/message'
import type { RequestError } from '@/components/api/request'
import { Unanswered } from '@/components/message/unanswered'
import { Button } from '@/components/ui/button'

type ConversationProps = {
  chatId: string
  messages: ChatMessage[]
  busy: boolean
  refusal: RequestError | null
  onRetry: () => void
  isShown: (messageId: string) => boolean
  /** Everything said on the shown branch is here once this resolves. */
  readAllEarlier: () => Promise<void>
  showBranch: (messageId: string) => Promise<void>
  /** Back to where one writes. */
  onLeave: () => void
}

/** Everything said in a chat. It stays at its end while an answer grows, unless the person scrolls up. */
export function Conversation(props: ConversationProps) {
  const { chatId, messages, busy, refusal, onRetry, onLeave } = props
  const t = useTranslations('chat')
  const { scroller, content, atEnd, toEnd, release } = useStickToBottom()
  const last = messages.at(-1)
  const pending = last?.role === 'user' && busy
  const { virtualizer, onFocusChange } = useVirtualRows({ messages, pending, scroller })
  const bring = useBringMessage({ ...props, virtualizer, release })
  const onKeyDown = useConversationKeys({ messages, busy, bring, onLeave })
  useJumpTarget(bring)
  useFindHint(virtualizer.getVirtualItems().length < messages.length)

  const lastAsked = messages.findLast((message) => message.role === 'user')?.id
  const shownAsked = useRef(lastAsked)
  const wasBusy = useRef(busy)
  useEffect(() => {
    // Something was just asked from here: go to it, wherever the person was reading.
    const asked = lastAsked !== shownAsked.current || !wasBusy.current
    if (busy && asked) toEnd()
    shownAsked.current = lastAsked
    wasBusy.current = busy
  }, [lastAsked, busy, toEnd])

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="region"
        aria-label={t('scroller')}
        data-testid="conversation"
        onKeyDown={onKeyDown}
        className="h-full [scrollbar-gutter:stable_both-edges] overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none]"
      >
        <div ref={content} className="relative mx-auto max-w-3xl px-4 pb-8">
          <MessageRows
            chatId={chatId}
            messages={messages}
            busy={busy}
            onRetry={onRetry}
            virtualizer={virtualizer}
            onFocusChange={onFocusChange}
          />
          {last?.role === 'user' && !busy && <Unanswered failure={refusal} onRetry={onRetry} />}
        </div>
        {/* Where a browser knows it, the page stands at its end before any script has run. */}
        <div aria-hidden className="[scroll-initial-target:nearest]" />
      </div>
      {!atEnd && (
        <Button
          onClick={toEnd}
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
