'use client'

import { useTranslations } from 'next-intl'

import { useChoice } from './choice-context'
import { useProviders } from './providers-context'

import type { Selection } from '@/components/api/wire'
import { useToasts } from '@/components/ui/toasts'

/** Choosing who answers here, in menus: they are closed by then, so a toast says what did not work. */
export function useChoosing(): { choose: (selection: Selection) => void; follow: () => void } {
  const t = useTranslations('providers')
  const { refresh } = useProviders()
  const { choose, follow } = useChoice()
  const show = useToasts()
  const failed = () => {
    show({ text: t('selectFailed') })
    void refresh()
  }
  return {
    choose: (selection) => void choose(selection).catch(failed),
    follow: () => void follow().catch(failed),
  }
}
