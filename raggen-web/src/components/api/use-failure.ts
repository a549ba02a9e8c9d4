'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import { RequestError } from './request'

/** Turns whatever was thrown, or an error code, into a sentence in the person's language. */
export function useFailure(): (failure: unknown) => string {
  const t = useTranslations()
  return useCallback(
    (failure: unknown) => {
      const code = failure instanceof RequestError ? failure.code : failure
      if (code === 'network') return t('failure.network')
      if (typeof code === 'string' && /^\w+$/.test(code) && t.has(`errors.${code}`)) {
        return t(`errors.${code}`)
      }
      return t('failure.unknown')
    },
    [t],
  )
}
