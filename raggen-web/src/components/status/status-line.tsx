'use client'

import { useTranslations } from 'next-intl'

import { StatusEntry } from './status-entry'
import { useMissedAnswerer } from './use-answerer-status'
import { useStatus, type MemoryStatus } from './use-status'

import { useFailure } from '@/components/api/use-failure'

const DOTS = {
  checking: 'bg-line-strong',
  ready: 'bg-accent',
  starting: 'animate-breathe bg-caution',
  down: 'bg-caution',
  unreachable: 'bg-danger',
  offline: 'bg-danger',
} as const satisfies Record<MemoryStatus['state'], string>

/** How the memory is and whether who answers can, each with a sentence on what that means. */
export function StatusLine() {
  const t = useTranslations('status')
  const explain = useFailure()
  const status = useStatus()
  const missed = useMissedAnswerer()
  const pending = 'pending' in status ? status.pending : 0
  // Without raggen itself, nothing is known of anybody else.
  const reached = 'pending' in status
  return (
    <div
      role="status"
      aria-label={t('label')}
      data-testid="status-line"
      data-state={status.state}
      data-pending={pending}
      className="min-h-13 space-y-2 px-3 text-xs leading-snug text-muted"
    >
      <StatusEntry dot={DOTS[status.state]} title={t(status.state)}>
        {status.state === 'ready' && pending > 0
          ? t('pending', { count: pending })
          : status.state === 'checking'
            ? null
            : t(`${status.state}Detail`)}
        {reached && status.state !== 'ready' && pending > 0 && (
          <> {t('waiting', { count: pending })}</>
        )}
      </StatusEntry>
      {reached && missed && (
        <StatusEntry
          dot="bg-caution"
          title={missed.kind === 'local' ? t('localDown') : t('serverDown', { name: missed.name })}
          testId="status-answerer"
        >
          {missed.errorCode ? `${explain(missed.errorCode)} ` : ''}
          {t('serverDownDetail')}
        </StatusEntry>
      )}
    </div>
  )
}
