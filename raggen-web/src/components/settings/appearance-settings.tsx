'use client'

import { useTranslations } from 'next-intl'

import { LocaleSwitch } from '@/components/sidebar/locale-switch'
import { ThemeSwitch } from '@/components/sidebar/theme-switch'

/** Language and theme: kept in this browser. */
export function AppearanceSettings() {
  const t = useTranslations('settings.appearance')
  return (
    <div className="divide-y">
      <div className="flex min-h-14 items-center justify-between gap-4 py-3">
        <p className="text-sm font-medium">{t('language')}</p>
        <LocaleSwitch />
      </div>
      <div className="flex min-h-14 items-center justify-between gap-4 py-3">
        <p className="text-sm font-medium">{t('theme')}</p>
        <ThemeSwitch />
      </div>
    </div>
  )
}
