'use client'

import { Brain } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { MemoryFilter } from './memory-item'

/** Why nothing is shown, and what would be. */
export function EmptyMemory({ filter, query }: { filter: MemoryFilter; query: string }) {
  const t = useTranslations('memory.empty')
  const searching = filter === 'forgotten' ? 'searchForgotten' : 'search'
  const why = query === '' ? filter : searching
  return (
    <div
      className="flex flex-col items-center px-6 py-16 text-center"
      data-testid="memory-empty"
      data-why={why}
    >
      <Brain aria-hidden className="size-8 text-muted" strokeWidth={1.5} />
      <h2 className="mt-4 text-base font-semibold tracking-tight wrap-anywhere">
        {t(why, { query })}
      </h2>
      <p className="mt-1.5 max-w-md text-sm text-balance text-muted">{t(`${why}Body`)}</p>
    </div>
  )
}
