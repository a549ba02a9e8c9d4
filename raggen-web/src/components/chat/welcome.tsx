import { useTranslations } from 'next-intl'

/** What greets the person in an empty chat. */
export function Welcome() {
  const t = useTranslations('welcome')
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-6 text-center">
      <h1 className="text-[1.625rem] leading-tight font-semibold tracking-[-0.022em] text-balance sm:text-3xl">
        {t('title')}
      </h1>
      <p className="mx-auto mt-2.5 max-w-md text-balance text-muted">{t('body')}</p>
    </div>
  )
}
