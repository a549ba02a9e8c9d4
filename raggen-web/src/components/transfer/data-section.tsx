'use client'

import { Download } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { ImportPart } from './import-part'

import { Button } from '@/components/ui/button'

/** All chats as a file, and chats from a file: a section of the settings. */
export function DataSection() {
  const t = useTranslations('transfer')
  return (
    <section aria-labelledby="data" data-testid="data-section">
      <h2 id="data" className="text-base font-semibold tracking-tight">
        {t('title')}
      </h2>
      <p className="mt-1 text-sm text-muted">{t('intro')}</p>
      <div className="mt-4 space-y-6 rounded-2xl border p-5">
        <div>
          <h3 className="text-sm font-semibold">{t('export.title')}</h3>
          <p className="mt-1 text-sm text-muted">{t('export.body')}</p>
          <Button asChild className="mt-3">
            <a href="/api/export" download data-testid="export-all">
              <Download aria-hidden />
              {t('export.all')}
            </a>
          </Button>
        </div>
        <div className="border-t pt-5">
          <ImportPart />
        </div>
      </div>
    </section>
  )
}
