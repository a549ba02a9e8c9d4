'use client'

import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'

import { Segments } from '@/components/ui/segments'
import { LOCALE_COOKIE, LOCALES } from '@/i18n/locale'

const YEAR_SECONDS = 31_536_000

/** The language of the interface, remembered in a cookie that the server reads. */
export function LocaleSwitch() {
  const t = useTranslations('language')
  const locale = useLocale()
  const router = useRouter()
  return (
    <Segments
      label={t('label')}
      value={locale}
      onChange={(next) => {
        document.cookie = `${LOCALE_COOKIE}=${next}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`
        router.refresh()
      }}
      segments={LOCALES.toSorted()
        .toReversed()
        .map((one) => ({
          value: one,
          label: t(one),
          lang: one,
          content: one.toUpperCase(),
          testId: `locale-${one}`,
        }))}
    />
  )
}
