'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import { RequestError, USUAL_RETRY_SECONDS } from './request'

/** Turns whatever was thrown, or an error code, into a sentence in the person's language. */
export function useFailure(): (failure: unknown) => string {
  const t = useTranslations()
  return useCallback(
    (failure: unknown) => {
      const seconds =
        (failure instanceof RequestError && failure.retrySeconds) || USUAL_RETRY_SECONDS
      const code = failure instanceof RequestError ? failure.code : failure
      if (code === 'network') return t('failure.network')
      if (typeof code === 'string' && /^\w+$/.test(code) && t.has(`errors.${code}`)) {
        return t(`errors.${code}`, { seconds })
      }
      return t('failure.unknown')
    },
    [t],
  )
}
