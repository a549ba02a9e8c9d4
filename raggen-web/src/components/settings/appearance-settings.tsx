'use client'

import { Keyboard } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { LocaleSwitch } from '@/components/sidebar/locale-switch'
import { useShortcuts } from '@/components/sidebar/shortcuts-context'
import { ThemeSwitch } from '@/components/sidebar/theme-switch'
import { Button } from '@/components/ui/button'

/** Language and theme, kept in this browser; and what the keyboard can do. */
export function AppearanceSettings() {
  const t = useTranslations('settings.appearance')
  const showShortcuts = useShortcuts()
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
      <div className="flex min-h-14 items-center justify-between gap-4 py-3">
        <p className="text-sm font-medium">{t('keyboard')}</p>
        <Button size="small" data-testid="settings-shortcuts" onClick={showShortcuts}>
          <Keyboard aria-hidden />
          {t('shortcuts')}
        </Button>
      </div>
    </div>
  )
}
