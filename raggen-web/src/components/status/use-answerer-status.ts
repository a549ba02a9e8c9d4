'use client'

import { useEffect } from 'react'

import { useSelectionHere } from './use-selection-here'

import type { Provider } from '@/components/api/wire'
import { useProviders } from '@/components/providers/providers-context'

/** The list asks every connected server: rarely while all is well, sooner while one is missed. */
const CALM_MS = 60_000
const EAGER_MS = 10_000

/** Who answers here, where that one is a server that does not answer now; else null. */
export function useMissedAnswerer(): Provider | null {
  const { providers, refresh } = useProviders()
  const selection = useSelectionHere()
  const chosen = providers?.find(({ id }) => id === selection.providerId)
  // Quotations and memory are one; the state of memory is told apart.
  const asked = chosen !== undefined && chosen.kind !== 'quotations'
  const missed = asked && !chosen.available

  useEffect(() => {
    if (!asked) return
    const ask = () => {
      if (document.visibilityState === 'visible') void refresh()
    }
    const timer = setInterval(ask, missed ? EAGER_MS : CALM_MS)
    return () => clearInterval(timer)
  }, [asked, missed, refresh])

  return missed ? chosen : null
}
