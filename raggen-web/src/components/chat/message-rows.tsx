'use client'

import type { Virtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { Fragment, type FocusEvent } from 'react'

import { MessageRow } from './message-row'

import type { ChatMessage } from '@/chat/message'
import { PendingAnswer } from '@/components/message/pending-answer'

type MessageRowsProps = {
  chatId: string
  messages: ChatMessage[]
  busy: boolean
  onRetry: () => void
  virtualizer: Virtualizer<HTMLDivElement, Element>
  /** Which message has the focus, or something inside of it. */
  onFocusChange: (messageId: string | null) => void
}

const messageIdAt = (target: EventTarget) =>
  target instanceof Element ? (target.closest('article')?.id.slice('m-'.length) ?? null) : null

/**
 * The rows that can be seen, in the flow of the page: empty boxes of the right height stand for those
 * that cannot. So a growing row pushes the next one, and nothing overlaps while heights are measured.
 */
export function MessageRows(props: MessageRowsProps) {
  const { chatId, messages, busy, onRetry, virtualizer, onFocusChange } = props
  const t = useTranslations('chat')
  const rows = virtualizer.getVirtualItems()
  const last = messages.at(-1)
  const end = rows.at(-1)?.end ?? 0
  return (
    <div
      role="feed"
      aria-label={t('messages')}
      aria-busy={busy}
      data-testid="messages"
      data-count={messages.length}
      onFocus={(event: FocusEvent) => onFocusChange(messageIdAt(event.target))}
      onBlur={() => onFocusChange(null)}
    >
      {rows.map((row, place) => {
        const message = messages[row.index]
        const gap = row.start - (rows[place - 1]?.end ?? 0)
        return (
          <Fragment key={row.key}>
            {gap > 0 && <div style={{ height: gap }} />}
            <div data-index={row.index} ref={virtualizer.measureElement} className="flow-root">
              {message ? (
                <MessageRow
                  chatId={chatId}
                  message={message}
                  index={row.index + 1}
                  count={messages.length}
                  live={busy && message === last}
                  onRetry={!busy && message === last ? onRetry : null}
                />
              ) : (
                <PendingAnswer />
              )}
            </div>
          </Fragment>
        )
      })}
      <div style={{ height: Math.max(0, virtualizer.getTotalSize() - end) }} />
    </div>
  )
}
