'use client'

import { useTranslations } from 'next-intl'

import { AppearanceSettings } from './appearance-settings'
import { ContextSettingsFields } from './context-settings'
import { GenerationSettingsFields } from './generation-settings'
import { defaultsLayer } from './layer'
import { SavingLine } from './saving-line'
import { useSaved, useSettingsStore } from './settings-context'
import { SettingsSection } from './settings-section'

import type { Defaults } from '@/chat/settings'
import { GoldenSection } from '@/components/golden/golden-section'
import { ProviderChooser } from '@/components/providers/provider-chooser'
import { SidebarTrigger } from '@/components/sidebar/sidebar-trigger'
import { DataSection } from '@/components/transfer/data-section'

type SettingsPageProps = {
  /** The defaults as the server drew the page: what is in this tab may be newer. */
  initial: Defaults
}

/** The defaults of all chats, who answers, how raggen looks, and the person's data. */
export function SettingsPage({ initial }: SettingsPageProps) {
  const t = useTranslations('settings')
  const { defaults } = useSettingsStore()
  const { value, saving } = useSaved(defaults)
  const layer = defaultsLayer(value ?? initial, defaults.change)
  const failed = saving.state === 'failed'
  return (
    <>
      <header className="flex h-14 shrink-0 items-center gap-2 border-b border-transparent px-3 md:px-4">
        <SidebarTrigger />
        <h1 className="min-w-0 flex-1 truncate text-[0.9375rem] font-medium md:pl-1">
          {t('title')}
        </h1>
        {!failed && saving.state !== 'idle' && (
          <SavingLine saving={saving} onRetry={defaults.retry} />
        )}
      </header>
      {failed && (
        <div className="mx-auto w-full max-w-2xl px-4 pb-2">
          <SavingLine saving={saving} onRetry={defaults.retry} />
        </div>
      )}
      <main id="content" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className="mx-auto max-w-2xl space-y-5 px-4 pt-2 pb-[max(2.5rem,env(safe-area-inset-bottom))]">
          <p className="text-sm text-muted">{t('intro')}</p>
          <SettingsSection id="context" title={t('sections.context')} note={t('notes.context')}>
            <ContextSettingsFields layer={layer} />
          </SettingsSection>
          <SettingsSection
            id="generation"
            title={t('sections.generation')}
            note={t('notes.generation')}
          >
            <GenerationSettingsFields layer={layer} />
          </SettingsSection>
          {/* Both bring their own headings: these frames only make them cards like the others. */}
          <div
            id="answerer"
            className="scroll-mt-4 rounded-2xl border bg-raised py-4 sm:px-1 [&>section>h2]:text-base [&>section>h2]:font-semibold [&>section>h2]:tracking-tight [&>section>h2]:text-ink"
          >
            <ProviderChooser />
          </div>
          <SettingsSection id="appearance" title={t('sections.appearance')}>
            <AppearanceSettings />
          </SettingsSection>
          <GoldenSection />
          <div id="your-data" className="scroll-mt-4">
            <DataSection />
          </div>
        </div>
      </main>
    </>
  )
}
