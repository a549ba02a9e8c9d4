'use client'

import { useTranslations } from 'next-intl'

import type { Reason } from '@/chat/message'

/** Why an item was picked, in plain words: «shares the words: dog, afraid · close in meaning». */
export function Reasons({ reasons }: { reasons: Reason[] }) {
  const t = useTranslations('context')
  const inWords = reasons.flatMap((reason) => {
    if (reason.kind === 'meaning') return [t('closeInMeaning')]
    if (reason.kind !== 'words') return []
    return [t('sharesWords', { count: reason.terms.length, terms: reason.terms.join(', ') })]
  })
  return (
    <p data-testid="context-reason">
      <span className="font-medium">{t('why')}:</span> {inWords.join(' · ')}
    </p>
  )
}
