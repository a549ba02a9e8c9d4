'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import type { Fate } from './context-list'
import { HighlightedText } from './highlighted-text'
import { ItemRules } from './item-rules'
import { ItemSource } from './item-source'
import { Reasons } from './reasons'
import { Relevance } from './relevance'

import type { ContextItem as Item } from '@/chat/message'
import { ItemThumbs } from '@/components/ratings/item-thumbs'
import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

/** Longer texts are folded to a few lines. */
const FOLD_FROM = 420

type ContextItemProps = {
  item: Item
  chatId: string
  fate: Fate
  /** Whose context it is; null: nobody's yet, so there is nothing to rate. */
  answerId: string | null
}

/** One remembered message: its words, its source, why it was picked, and what to do with it. */
export function ContextItem({ item, chatId, fate, answerId }: ContextItemProps) {
  const t = useTranslations('context')
  const long = item.text.length > FOLD_FROM
  // What is only pinned was not searched for: no relevance is known.
  const measured = item.reasons.length === 0 || item.reasons.some(({ kind }) => kind !== 'pinned')
  const [open, setOpen] = useState(!long)
  return (
    <li
      data-testid="context-item"
      data-item-id={item.itemId}
      data-included={item.included}
      data-omitted={item.omitted ?? undefined}
      className="flex gap-3 px-4 py-3.5 text-[0.8125rem]"
    >
      <span
        aria-hidden
        className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded-full bg-hover text-[0.6875rem] font-medium text-muted tabular-nums"
      >
        {item.rank}
      </span>
      <div className="min-w-0 flex-1 space-y-1.5">
        <ItemSource item={item} chatId={chatId} />
        <p
          className={cn(
            'text-[0.9375rem] leading-relaxed wrap-anywhere whitespace-pre-wrap',
            !open && 'line-clamp-5',
            unkerned(item.text),
          )}
        >
          <HighlightedText text={item.text} highlights={item.highlights} />
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
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-muted">
          {measured && <Relevance item={item} />}
          <Reasons reasons={item.reasons} />
        </div>
        {fate === 'leftOut' && item.omitted && (
          <p data-testid="context-omitted" className="text-caution">
            {t(`omitted.${item.omitted}`)}
          </p>
        )}
        <div className="flex items-end justify-between gap-x-2">
          {item.chatId !== null && (
            <ItemRules
              messageId={item.messageId}
              pinned={item.reasons.some(({ kind }) => kind === 'pinned')}
            />
          )}
          {answerId !== null && <ItemThumbs answerId={answerId} item={item} />}
        </div>
      </div>
    </li>
  )
}
