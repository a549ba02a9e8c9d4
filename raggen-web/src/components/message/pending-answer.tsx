import { useTranslations } from 'next-intl'

import { Working } from './working'

/** Holds the place of an answer that the server has not begun yet. */
export function PendingAnswer() {
  const t = useTranslations('message')
  return (
    <article aria-label={t('assistant')} aria-busy className="pt-2">
      <Working phase="searching" />
      <div className="mt-3 min-h-8" />
    </article>
  )
}
