'use client'

import { useTranslations } from 'next-intl'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'

type UnreadSettingsProps = { failure: unknown; onRetry: () => void }

/** In place of settings that are not here: being read, or why they could not be. */
export function UnreadSettings({ failure, onRetry }: UnreadSettingsProps) {
  const t = useTranslations('settings')
  const explain = useFailure()
  if (failure === null) {
    return (
      <p aria-busy className="py-6 text-sm text-muted">
        {t('loading')}
      </p>
    )
  }
  return (
    <div role="alert" className="space-y-3 py-4 text-sm">
      <p>
        <span className="font-medium">{t('loadFailed')}</span> {explain(failure)}
      </p>
      <Button size="small" onClick={onRetry}>
        {t('saving.retry')}
      </Button>
    </div>
  )
}
