'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import type { Connecting } from './use-connect'

import { useFailure } from '@/components/api/use-failure'

/** Which address did not work, why, and what to do. */
export function ConnectFailure({ failure }: { failure: NonNullable<Connecting['failure']> }) {
  const t = useTranslations('providers')
  const explain = useFailure()
  const place = useRef<HTMLParagraphElement>(null)
  // The panel may be longer than the window.
  useEffect(() => {
    // Braces: new browsers answer with a promise, which React would take for a clean-up.
    place.current?.scrollIntoView?.({ block: 'nearest' })
  }, [failure])
  return (
    <p
      ref={place}
      role="alert"
      className="rounded-xl bg-danger-soft px-4 py-2.5 text-sm wrap-anywhere"
    >
      <span className="font-medium text-danger">
        {t('connectFailed', { url: failure.baseUrl })}
      </span>{' '}
      {explain(failure.error)}
    </p>
  )
}
