'use client'

import { useTranslations } from 'next-intl'

import type { Reason } from '@/chat/message'

const PLAIN = {
  meaning: 'closeInMeaning',
  pinned: 'pinned',
  nearby: 'nearby',
  recent: 'recent',
} as const

/** Why an item was picked, in plain words: «shares the words: dog, afraid · close in meaning». */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const t = useTranslations('context')
  if (reasons.length === 0) return null
  const inWords = reasons.map((reason) =>
    reason.kind === 'words'
      ? t('sharesWords', { count: reason.terms.length, terms: reason.terms.join(', ') })
      : t(PLAIN[reason.kind]),
  )
  return (
    <p data-testid="context-reason">
      <span className="font-medium">{t('why')}:</span> {inWords.join(' · ')}
    </p>
  )
}
