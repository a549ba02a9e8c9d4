'use client'

import { useTranslations } from 'next-intl'

import { GoldenRow } from './golden-row'
import { useGoldenList } from './use-golden-list'

import { useFailure } from '@/components/api/use-failure'
import { SettingsSection } from '@/components/settings/settings-section'
import { Button } from '@/components/ui/button'

/** The golden questions: a section of the settings. */
export function GoldenSection() {
  const t = useTranslations('golden')
  const explain = useFailure()
  const { golden, failure, load, remove } = useGoldenList()
  return (
    <SettingsSection id="golden" title={t('section')} note={t('sectionNote')}>
      <div data-testid="golden-section" aria-busy={golden === null && failure === null}>
        {failure !== null && (
          <div role="alert" className="flex flex-wrap items-center gap-3 py-4 text-sm">
            {explain(failure)}
            <Button size="small" onClick={() => void load()}>
              {t('retry')}
            </Button>
          </div>
        )}
        {golden?.length === 0 && <p className="py-4 text-sm text-muted">{t('none')}</p>}
        {golden === null && failure === null && (
          <p className="py-4 text-sm text-muted">{t('loading')}</p>
        )}
        {golden !== null && golden.length > 0 && (
          <ul className="max-h-96 divide-y overflow-y-auto">
            {golden.map((one) => (
              <GoldenRow key={one.questionId} golden={one} onRemove={() => void remove(one)} />
            ))}
          </ul>
        )}
      </div>
    </SettingsSection>
  )
}
