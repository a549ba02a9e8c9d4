'use client'

import { CopyCheck, Undo2 } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useChoice } from './choice-context'
import { useProviders } from './providers-context'
import { useChoosing } from './use-choosing'
import { useSelectionName } from './use-selection-name'

import { MenuItem, MenuLine } from '@/components/ui/menu'
import { useToasts } from '@/components/ui/toasts'

/** In a chat with a choice of its own: make it everybody's, or take it back. */
export function ChoiceScope() {
  const t = useTranslations('providers')
  const { selection: usual, select, refresh } = useProviders()
  const { selection, scope, own } = useChoice()
  const { follow } = useChoosing()
  const nameOf = useSelectionName()
  const show = useToasts()
  if (scope !== 'chat' || !own) return null
  const same = usual.providerId === selection.providerId && usual.model === selection.model

  async function makeUsual() {
    try {
      await select(selection)
      show({ text: t('choice.usedForNew', { name: nameOf(selection) }) })
    } catch {
      show({ text: t('selectFailed') })
      await refresh()
    }
  }

  return (
    <>
      <MenuLine />
      {!same && (
        <MenuItem data-testid="choice-for-new" onSelect={() => void makeUsual()}>
          <CopyCheck aria-hidden /> {t('choice.useForNew')}
        </MenuItem>
      )}
      <MenuItem data-testid="choice-follow" onSelect={follow}>
        <Undo2 aria-hidden />
        <span className="min-w-0">
          {t('choice.follow')}
          <span className="block truncate text-xs text-muted">{nameOf(usual)}</span>
        </span>
      </MenuItem>
    </>
  )
}
