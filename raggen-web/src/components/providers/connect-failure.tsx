'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import type { Connecting } from './use-connect'

import { useFailure } from '@/components/api/use-failure'

/** Which address did not work, why, and what to do. */
export function ConnectFailure({ failure }: { failure: NonNullable<Connecting['failure']> }) {
  const t = useTranslations('providers')
  const explain = useFailure()
  const box = useRef<HTMLParagraphElement>(null)
  const { place } = failure
  // The panel may be longer than the window.
  useEffect(() => {
    // Braces: new browsers answer with a promise, which React would take for a clean-up.
    box.current?.scrollIntoView?.({ block: 'nearest' })
  }, [failure])
  return (
    <p
      ref={box}
      role="alert"
      className="rounded-xl bg-danger-soft px-4 py-2.5 text-sm wrap-anywhere"
    >
      <span className="font-medium text-danger">
        {place === 'yandexgpt' || place === 'gigachat'
          ? t('providerFailed', { name: t(`${place}.name`) })
          : t('connectFailed', { url: place })}
      </span>{' '}
      {explain(failure.error)}
    </p>
  )
}
