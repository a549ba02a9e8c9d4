'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'

import { RequestError } from './request'

/** What sentences ask for, where only the code of an error is known. */
const USUAL = { seconds: 60, name: '' }

/** Turns whatever was thrown, or an error code, into a sentence in the person's language. */
export function useFailure(): (failure: unknown) => string {
  const t = useTranslations()
  return useCallback(
    (failure: unknown) => {
      const detail = failure instanceof RequestError ? failure.detail : undefined
      const code = failure instanceof RequestError ? failure.code : failure
      if (code === 'network') return t('failure.network')
      if (code === 'settings_unsaved') return t('failure.settingsUnsaved')
      if (typeof code === 'string' && /^\w+$/.test(code) && t.has(`errors.${code}`)) {
        return t(`errors.${code}`, { ...USUAL, ...detail })
      }
      return t('failure.unknown')
    },
    [t],
  )
}
