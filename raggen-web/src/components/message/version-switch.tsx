'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useMessageActions } from './message-actions-context'

import type { Siblings } from '@/chat/message'
import { IconButton } from '@/components/ui/icon-button'

type VersionSwitchProps = { messageId: string; siblings: Siblings }

/** ‹ 2/3 › between the versions of a question or an answer; nothing where there is only one. */
export function VersionSwitch({ messageId, siblings }: VersionSwitchProps) {
  const t = useTranslations('message')
  const actions = useMessageActions()
  const { ids, index } = siblings
  if (!actions || ids.length < 2) return null
  const place = { index: index + 1, count: ids.length }

  const step = (towards: 'previous' | 'next') => {
    const target = ids[index + (towards === 'next' ? 1 : -1)]
    const off = actions.busy || target === undefined
    const Icon = towards === 'next' ? ChevronRight : ChevronLeft
    return (
      <IconButton
        label={t(`${towards}Version`, place)}
        // Not `disabled`: the focus must not fall out of the switch at its ends.
        aria-disabled={off}
        data-testid={`version-${towards}`}
        onClick={off ? undefined : () => actions.showVersion(messageId, target)}
        className="w-6 aria-disabled:cursor-default aria-disabled:opacity-40"
      >
        <Icon aria-hidden />
      </IconButton>
    )
  }
  return (
    <div
      role="group"
      aria-label={t('versions', place)}
      data-testid="versions"
      className="flex items-center text-xs text-muted tabular-nums"
    >
      {step('previous')}
      <span data-testid="version-place">{t('versionPlace', place)}</span>
      {step('next')}
    </div>
  )
}
