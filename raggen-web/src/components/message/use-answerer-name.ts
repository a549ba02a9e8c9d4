'use client'

import { useTranslations } from 'next-intl'

import { modelLabel } from '@/components/providers/model-label'

/** Who answered, in words: raggen's own two by their names, a server by its model. */
export function useAnswererName(): (provider: string, model?: string | null) => string {
  const t = useTranslations('message')
  return (provider, model) => {
    if (provider === 'quotations') return t('quotations')
    if (provider === 'local') return t('local')
    return model === undefined || model === null ? provider : modelLabel(model)
  }
}
