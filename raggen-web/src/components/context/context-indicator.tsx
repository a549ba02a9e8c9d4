'use client'

import { ChevronDown, Layers2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useRef, useState } from 'react'

import { ContextPanel } from './context-panel'
import { NoContext } from './no-context'
import { SearchedWith } from './searched-with'
import { spanOf } from './span'
import { TimeSpan } from './time-span'

import type { ChatMessage, Memory } from '@/chat/message'
import { cn } from '@/components/ui/cn'

type ContextIndicatorProps = {
  memory: Memory
  chatId: string
  /** The answer. */
  message: ChatMessage
  /** Being written in this tab right now. */
  live: boolean
}

/**
 * What an answer stood on, in one line: how much, from where and when. With context it opens the list
 * of it; without, the line itself says why there was none.
 */
export function ContextIndicator({ memory, chatId, message, live }: ContextIndicatorProps) {
  const t = useTranslations('context')
  const panelId = useId()
  const [open, setOpen] = useState(false)
  const chip = useRef<HTMLButtonElement>(null)
  const { origin, provider } = message.metadata ?? {}
  const count = memory.items.length
  const used = memory.items.filter(({ included }) => included)
  const label =
    used.length === count
      ? t('used', { count })
      : used.length > 0
        ? t('usedSome', { used: used.length, count })
        : t('usedNone', { count })
  const span = spanOf(used.length > 0 ? used : memory.items, chatId)
  const searchedWith = memory.earlier && <SearchedWith earlier={memory.earlier} chatId={chatId} />
  const without = memory.state !== 'used' && (
    <NoContext
      state={memory.state}
      onRequest={origin === 'without-context'}
      answerId={live ? null : message.id}
      chatId={chatId}
    />
  )
  if (without && count === 0) {
    return (
      <>
        {without}
        {searchedWith}
      </>
    )
  }

  return (
    <div
      className="space-y-1"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        // Escape has done its work here: it must not stop an answer as well.
        event.preventDefault()
        setOpen(false)
        chip.current?.focus()
      }}
    >
      {/* Memory did not answer, but what is pinned was given all the same. */}
      {without}
      <button
        ref={chip}
        type="button"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        data-testid="context-indicator"
        data-state={memory.state}
        data-count={count}
        onClick={() => setOpen(!open)}
        className="flex min-h-8 w-fit items-center gap-2 rounded-2xl bg-accent-soft px-3 py-1 text-left text-[0.8125rem] font-medium text-accent transition-colors hover:bg-mark"
      >
        <Layers2 aria-hidden className="size-3.5 shrink-0" />
        <span>
          {label}
          {span && (
            <span data-testid="context-span" className="font-normal">
              {' · '}
              {span.hereOnly ? t('hereOnly') : t('chats', { count: span.chats })}
              {' · '}
              <TimeSpan span={span} />
            </span>
          )}
        </span>
        <ChevronDown
          aria-hidden
          className={cn('-mr-1 size-3.5 shrink-0 transition-transform', open && 'rotate-180')}
        />
      </button>
      {origin === 'same-context' && (
        <p data-testid="context-same" className="text-[0.8125rem] text-muted">
          {t('sameContext')}
        </p>
      )}
      {searchedWith}
      {open && (
        <ContextPanel
          id={panelId}
          memory={memory}
          chatId={chatId}
          byQuotations={provider === 'quotations'}
          answerId={live ? null : message.id}
        />
      )}
    </div>
  )
}
