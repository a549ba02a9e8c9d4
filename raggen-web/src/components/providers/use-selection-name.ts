'use client'

import { useTranslations } from 'next-intl'

import { modelLabel } from './model-label'
import { useProviders } from './providers-context'

import type { Selection } from '@/components/api/wire'

/** Who answers, in a word or two: raggen's own two by their names, a server by its model. */
export function useSelectionName(): (selection: Selection) => string {
  const t = useTranslations('providers')
  const { providers } = useProviders()
  return ({ providerId, model }) => {
    if (providerId === 'quotations' || providerId === 'local') return t(`${providerId}.short`)
    if (model !== null) return modelLabel(model)
    const chosen = providers?.find(({ id }) => id === providerId)
    return chosen?.name ?? t('openai.name')
  }
}
