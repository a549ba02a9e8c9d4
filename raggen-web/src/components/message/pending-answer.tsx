import { useTranslations } from 'next-intl'

import { Working } from './working'

/** Holds the place of an answer that the server has not begun yet. */
export function PendingAnswer() {
  const t = useTranslations('message')
  return (
    <article aria-label={t('assistant')} aria-busy className="pt-2">
      <div className="mb-2 flex min-h-8 flex-col justify-center">
        <Working phase="searching" />
      </div>
      <div className="mt-2 min-h-8" />
    </article>
  )
}
