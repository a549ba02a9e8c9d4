'use client'

import { useTranslations } from 'next-intl'

import { useStatus, type MemoryStatus } from './use-status'

import { cn } from '@/components/ui/cn'

const DOTS = {
  checking: 'bg-line-strong',
  ready: 'bg-accent',
  starting: 'animate-breathe bg-caution',
  down: 'bg-caution',
  unreachable: 'bg-danger',
} as const satisfies Record<MemoryStatus['state'], string>

/** One line about the memory, and a sentence about what that means for the person. */
export function StatusLine() {
  const t = useTranslations('status')
  const status = useStatus()
  const detail =
    status.state === 'ready' && status.pending > 0
      ? t('pending', { count: status.pending })
      : status.state === 'checking'
        ? null
        : t(`${status.state}Detail`)
  return (
    <div
      role="status"
      aria-label={t('label')}
      data-testid="status-line"
      data-state={status.state}
      className="flex min-h-13 gap-2.5 px-3 text-xs leading-snug text-muted"
    >
      <span aria-hidden className={cn('mt-1 size-2 shrink-0 rounded-full', DOTS[status.state])} />
      <p>
        <span className="block font-medium text-ink">{t(status.state)}</span>
        {detail}
      </p>
    </div>
  )
}
