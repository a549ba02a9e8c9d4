'use client'

import { useTranslations } from 'next-intl'

/** In the place of words that their person erased: that there were some. */
export function Erased() {
  const t = useTranslations('message')
  return (
    <span data-testid="message-erased" className="text-muted italic">
      {t('erased')}
    </span>
  )
}
