'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { Selection } from './use-selection'

import { Button } from '@/components/ui/button'
import { IconButton } from '@/components/ui/icon-button'

type SelectionBarProps = {
  selection: Selection
  onExclude: (excluded: boolean) => void
  onForget: () => void
}

/** What can be done with the selected messages at once. */
export function SelectionBar({ selection, onExclude, onForget }: SelectionBarProps) {
  const t = useTranslations('memory.bulk')
  const count = selection.items.length
  const allExcluded = selection.items.every(({ excludedBy }) => excludedBy === 'message')
  return (
    <section
      aria-label={t('label')}
      data-testid="memory-selection"
      data-count={count}
      className="absolute inset-x-3 bottom-[max(0.75rem,env(safe-area-inset-bottom))] z-10 mx-auto flex max-w-2xl animate-appear flex-wrap items-center gap-2 rounded-2xl border bg-raised py-2 pr-2 pl-4 shadow-float"
    >
      <p role="status" className="mr-auto text-sm font-medium tabular-nums">
        {t('count', { count })}
      </p>
      <Button look="quiet" size="small" onClick={selection.all} data-testid="memory-select-all">
        {t('all')}
      </Button>
      <Button
        size="small"
        onClick={() => onExclude(!allExcluded)}
        data-testid="memory-exclude-selected"
      >
        {t(allExcluded ? 'include' : 'exclude')}
      </Button>
      <Button look="danger" size="small" onClick={onForget} data-testid="memory-forget-selected">
        {t('forget')}
      </Button>
      <IconButton label={t('clear')} onClick={selection.clear} data-testid="memory-select-none">
        <X aria-hidden />
      </IconButton>
    </section>
  )
}
