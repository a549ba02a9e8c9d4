'use client'

import { Download } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { ImportPart } from './import-part'

import { SettingsSection } from '@/components/settings/settings-section'
import { Button } from '@/components/ui/button'

/** All chats as a file, and chats from a file: a section of the settings. */
export function DataSection() {
  const t = useTranslations('transfer')
  return (
    <SettingsSection id="data" title={t('title')} note={t('intro')}>
      <div data-testid="data-section" className="divide-y">
        <div className="py-4">
          <h3 className="text-sm font-semibold">{t('export.title')}</h3>
          <p className="mt-1 text-sm text-muted">{t('export.body')}</p>
          <Button asChild className="mt-3">
            <a href="/api/export" download data-testid="export-all">
              <Download aria-hidden />
              {t('export.all')}
            </a>
          </Button>
        </div>
        <div className="py-4">
          <ImportPart />
        </div>
      </div>
    </SettingsSection>
  )
}
