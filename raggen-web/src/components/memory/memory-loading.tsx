'use client'

import { useTranslations } from 'next-intl'

import type { MemoryList } from './use-memory-list'

import { Button } from '@/components/ui/button'

/** Below the list: that more is coming, or could not be read. */
export function MemoryLoading({ list }: { list: MemoryList }) {
  const t = useTranslations('memory')
  if (list.failure !== null) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3 py-4 text-sm">
        <span className="text-danger">{t('failed')}</span>
        <Button size="small" onClick={list.reload} data-testid="memory-reload">
          {t('reload')}
        </Button>
      </div>
    )
  }
  if (list.loading === 'idle') return null
  return (
    <p role="status" className="py-4 text-center text-sm text-muted">
      {t(list.loading === 'more' ? 'loadingMore' : 'loading')}
    </p>
  )
}
