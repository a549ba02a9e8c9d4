'use client'

import { useTranslations } from 'next-intl'

import { weakFrom, type MemoryPage } from './memory-item'

type MemoryNotesProps = {
  page: Pick<MemoryPage, 'items' | 'counts' | 'degraded'>
  searching: boolean
  failure: string | null
  said: string
}

/** What is worth knowing about what is shown: what waits, what failed, how the search was done. */
export function MemoryNotes({ page, searching, failure, said }: MemoryNotesProps) {
  const t = useTranslations('memory')
  const { pending, failed } = page.counts
  return (
    <div className="space-y-1 text-[0.8125rem] text-muted empty:hidden">
      {failure !== null && (
        <p role="alert" className="text-danger">
          {failure}
        </p>
      )}
      {searching && (
        <p role="status" data-testid="memory-found">
          {t('found', { count: weakFrom(page.items) })}
        </p>
      )}
      {searching && page.degraded && (
        <p role="status" className="text-caution" data-testid="memory-degraded">
          {t('degraded')}
        </p>
      )}
      {pending > 0 && <p data-testid="memory-pending">{t('pendingNote', { count: pending })}</p>}
      {failed > 0 && (
        <p className="text-danger" data-testid="memory-failed">
          {t('failedNote', { count: failed })}
        </p>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  )
}
