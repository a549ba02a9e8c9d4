'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { MemoryActions } from './memory-actions'
import type { MemoryItem } from './memory-item'
import { MemoryMarks } from './memory-marks'
import { MemorySource } from './memory-source'

import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

/** Longer texts are folded to a few lines. */
const FOLD_FROM = 420
/** What is drawn of a text at most until somebody unfolds it: a hundred thousand letters take a while. */
const DRAWN = 1_200
const NAMED = 80

export type RowHandlers = {
  onSelect: (item: MemoryItem, selected: boolean) => void
  onPin: (item: MemoryItem) => void
  onCorrect: (item: MemoryItem) => void
  onExclude: (item: MemoryItem) => void
  onForget: (item: MemoryItem) => void
  onTryAgain: (item: MemoryItem) => void
}

type MemoryRowProps = RowHandlers & { item: MemoryItem; selected: boolean }

/** One remembered message: what memory holds, where it is from, and what can be done with it. */
export function MemoryRow({ item, selected, ...on }: MemoryRowProps) {
  const t = useTranslations('memory')
  const long = item.text.length > FOLD_FROM
  const [open, setOpen] = useState(false)
  return (
    <div className="flex gap-3 text-[0.8125rem]">
      <input
        type="checkbox"
        checked={selected}
        onChange={(event) => on.onSelect(item, event.target.checked)}
        aria-label={t('select', { text: item.text.slice(0, NAMED) })}
        data-testid="memory-select"
        className="mt-1 size-4 shrink-0 cursor-pointer accent-accent"
      />
      <div className="min-w-0 flex-1 space-y-1.5">
        <p
          data-testid="memory-text"
          className={cn(
            'text-[0.9375rem] leading-relaxed wrap-anywhere whitespace-pre-wrap',
            long && !open && 'line-clamp-4',
            item.state === 'excluded' && 'text-muted',
            unkerned(item.text),
          )}
        >
          {open ? item.text : item.text.slice(0, DRAWN)}
        </p>
        {long && (
          <button
            type="button"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            className="rounded-sm font-medium text-accent hover:underline"
          >
            {t(open ? 'showLess' : 'showAll')}
          </button>
        )}
        {item.corrected && (
          <p className="line-clamp-3 wrap-anywhere text-muted" data-testid="memory-said">
            {t(item.speaker === 'user' ? 'said' : 'saidAnswer', {
              text: item.said.slice(0, DRAWN),
            })}
          </p>
        )}
        <MemoryMarks item={item} onTryAgain={() => on.onTryAgain(item)} />
        <div className="flex flex-wrap items-center justify-between gap-x-3">
          <MemorySource item={item} />
          <div className="ml-auto">
            <MemoryActions
              item={item}
              onPin={() => on.onPin(item)}
              onCorrect={() => on.onCorrect(item)}
              onExclude={() => on.onExclude(item)}
              onForget={() => on.onForget(item)}
            />
          </div>
        </div>
      </div>
    </div>
  )
}
