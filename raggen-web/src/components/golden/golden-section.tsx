'use client'

import { useTranslations } from 'next-intl'
import { useRef } from 'react'

import { GoldenRow } from './golden-row'
import { useGoldenList } from './use-golden-list'

import { useFailure } from '@/components/api/use-failure'
import type { GoldenQuestion } from '@/components/api/wire'
import { SettingsSection } from '@/components/settings/settings-section'
import { Button } from '@/components/ui/button'

/** The golden questions: a section of the settings. */
export function GoldenSection() {
  const t = useTranslations('golden')
  const explain = useFailure()
  const { golden, failure, load, remove } = useGoldenList()
  const frame = useRef<HTMLDivElement>(null)

  /** The pressed button goes with its row: the focus moves to the one that takes its place, or around. */
  async function removeAt(place: number, one: GoldenQuestion) {
    if (!(await remove(one)) || document.activeElement !== document.body) return
    const buttons = frame.current?.querySelectorAll<HTMLElement>('li button') ?? []
    const next = buttons[Math.min(place, buttons.length - 1)] ?? frame.current
    next?.focus()
  }

  return (
    <SettingsSection id="golden" title={t('section')} note={t('sectionNote')}>
      <div
        ref={frame}
        tabIndex={-1}
        data-testid="golden-section"
        aria-busy={golden === null && failure === null}
      >
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
            {golden.map((one, place) => (
              <GoldenRow
                key={one.questionId}
                golden={one}
                onRemove={() => void removeAt(place, one)}
              />
            ))}
          </ul>
        )}
      </div>
    </SettingsSection>
  )
}
