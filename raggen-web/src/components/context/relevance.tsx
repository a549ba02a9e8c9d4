'use client'

import { useFormatter, useTranslations } from 'next-intl'

import type { ContextItem } from '@/chat/message'
import { cn } from '@/components/ui/cn'

const BARS = { high: 3, medium: 2, low: 1 } as const

/** Relevance in words with three bars beside them; the calibrated figure waits in the hint. */
export function Relevance({ item }: { item: ContextItem }) {
  const t = useTranslations('context')
  const format = useFormatter()
  const percent = format.number(item.relevance, { style: 'percent' })
  return (
    <span
      title={t('relevanceExact', { percent })}
      className="inline-flex items-center gap-1.5 whitespace-nowrap"
    >
      <span aria-hidden className="flex items-end gap-0.5">
        {[1, 2, 3].map((bar) => (
          <span
            key={bar}
            className={cn(
              'w-1 rounded-xs',
              bar === 1 ? 'h-1.5' : bar === 2 ? 'h-2.5' : 'h-3.5',
              bar <= BARS[item.relevanceWord] ? 'bg-accent' : 'bg-line-strong',
            )}
          />
        ))}
      </span>
      {t(`relevance.${item.relevanceWord}`)}
    </span>
  )
}
