'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import type { HeaderRows } from './header-rows'

/** What is wrong with the headers, in words; `found` looks, and says whether something is. */
export function useHeaderProblem(headers: HeaderRows): {
  sentence: string | null
  found: () => boolean
} {
  const t = useTranslations('providers')
  const [wrong, setWrong] = useState<ReturnType<HeaderRows['wrong']>>(null)
  return {
    sentence: wrong && t(`headers.${wrong.problem}`, { name: wrong.name }),
    found: () => {
      const now = headers.wrong()
      setWrong(now)
      return now !== null
    },
  }
}
