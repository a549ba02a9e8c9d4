'use client'

import { useTranslations } from 'next-intl'

import type { Connecting } from './use-connect'

import { useFailure } from '@/components/api/use-failure'

/** Which address did not work, why, and what to do. */
export function ConnectFailure({ failure }: { failure: NonNullable<Connecting['failure']> }) {
  const t = useTranslations('providers')
  const explain = useFailure()
  return (
    <p role="alert" className="rounded-xl bg-danger-soft px-4 py-2.5 text-sm wrap-anywhere">
      <span className="font-medium text-danger">
        {t('connectFailed', { url: failure.baseUrl })}
      </span>{' '}
      {explain(failure.error)}
    </p>
  )
}
