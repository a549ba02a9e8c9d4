'use client'

import { useTranslations } from 'next-intl'

import type { RequestError } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'

/** Why the message did not go out, and the way to try again. The text itself is in the field below. */
export function UnsentNotice(props: { failure: RequestError; onRetry: () => void }) {
  const t = useTranslations('composer')
  const explain = useFailure()
  return (
    <div
      role="alert"
      data-testid="composer-failure"
      className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-danger-soft px-4 py-2.5 text-sm"
    >
      <p className="min-w-0 flex-1 basis-56">
        <span className="font-medium text-danger">{t('notSent')}</span> {explain(props.failure)}
      </p>
      <Button size="small" onClick={props.onRetry}>
        {t('sendAgain')}
      </Button>
    </div>
  )
}
