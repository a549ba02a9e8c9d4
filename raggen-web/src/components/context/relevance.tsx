'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'

import type { ContextItem } from '@/chat/message'
import { cn } from '@/components/ui/cn'
import { Hint } from '@/components/ui/hint'

const BARS = { high: 3, medium: 2, low: 1 } as const

/** Relevance in words with three bars beside them; the calibrated figure comes on request. */
export function Relevance({ item }: { item: ContextItem }) {
  const t = useTranslations('context')
  const format = useFormatter()
  const [exact, setExact] = useState(false)
  const percent = format.number(item.relevance, {
    style: 'percent',
    // "0 %" would be wrong where nothing is impossible.
    maximumFractionDigits: item.relevance < 0.1 ? 1 : 0,
  })
  return (
    <Hint text={t('relevanceExact', { percent })}>
      <button
        type="button"
        aria-pressed={exact}
        data-testid="context-relevance"
        onClick={() => setExact(!exact)}
        className="inline-flex min-h-6 items-center gap-1.5 rounded-sm whitespace-nowrap hover:text-ink"
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
        {exact && <span className="tabular-nums">· {percent}</span>}
      </button>
    </Hint>
  )
}
