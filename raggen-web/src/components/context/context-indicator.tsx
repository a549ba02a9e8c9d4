'use client'

import { ChevronDown, Layers2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useRef, useState } from 'react'

import { ContextPanel } from './context-panel'
import { NoContext } from './no-context'
import { SearchedWith } from './searched-with'

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
 * What an answer stood on, in one line. With context it opens the list of it; without, the line
 * itself says why there was none.
 */
export function ContextIndicator({ memory, chatId, message }: ContextIndicatorProps) {
  // No model was asked: "given to the model" would be wrong.
  const byQuotations = message.metadata?.provider === 'quotations'
  const t = useTranslations('context')
  const panelId = useId()
  const [open, setOpen] = useState(false)
  const chip = useRef<HTMLButtonElement>(null)
  const count = memory.items.length
  const used = memory.items.filter(({ included }) => included).length
  const label =
    used === count
      ? t('used', { count })
      : used > 0
        ? t('usedSome', { used, count })
        : t('usedNone', { count })
  const searchedWith = memory.earlier && <SearchedWith earlier={memory.earlier} chatId={chatId} />
  if (memory.state !== 'used') {
    return (
      <>
        <NoContext state={memory.state} />
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
      <button
        ref={chip}
        type="button"
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        data-testid="context-indicator"
        data-state={memory.state}
        data-count={count}
        onClick={() => setOpen(!open)}
        className="inline-flex min-h-8 items-center gap-2 rounded-full bg-accent-soft px-3 text-left text-[0.8125rem] font-medium text-accent transition-colors hover:bg-mark"
      >
        <Layers2 aria-hidden className="size-3.5 shrink-0" />
        {label}
        <ChevronDown
          aria-hidden
          className={cn('-mr-1 size-3.5 shrink-0 transition-transform', open && 'rotate-180')}
        />
      </button>
      {searchedWith}
      {open && (
        <ContextPanel id={panelId} memory={memory} chatId={chatId} byQuotations={byQuotations} />
      )}
    </div>
  )
}
