'use client'

import { useFormatter, useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import { Choices } from '@/components/ui/choices'
import { Slider } from '@/components/ui/slider'

/** Where the slider starts when the person takes it over. */
const FIRST_OWN = 0.2

/** What a least relevance lets through, in the words that the items themselves are shown with. */
export function strictness(least: number): 'anything' | 'weak' | 'fair' | 'strong' {
  if (least < 0.05) return 'anything'
  if (least < 0.2) return 'weak'
  return least < 0.5 ? 'fair' : 'strong'
}

/** How relevant a message must be: as raggen has measured it, or as the person says. */
export function RelevanceSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.context.minRelevance')
  const format = useFormatter()
  const least = layer.values.context.minRelevance
  const percent = (value: number) => format.number(value, { style: 'percent' })
  return (
    <SettingRow
      name="minRelevance"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isContextSet('minRelevance')}
      reset={() => layer.resetContext('minRelevance')}
    >
      {(labels) => (
        <>
          <Choices
            {...labels}
            value={least === null ? 'automatic' : 'own'}
            choices={[
              { value: 'automatic', label: t('automatic'), testId: 'relevance-automatic' },
              { value: 'own', label: t('own'), testId: 'relevance-own' },
            ]}
            onChange={(kind) =>
              layer.setContext({ minRelevance: kind === 'automatic' ? null : FIRST_OWN })
            }
          />
          {least !== null && (
            <div className="mt-3">
              <Slider
                aria-label={labels['aria-label']}
                value={least}
                min={0}
                max={0.95}
                step={0.05}
                valueText={`${t(`words.${strictness(least)}`)}, ${percent(least)}`}
                onChange={(minRelevance) => layer.setContext({ minRelevance })}
              />
              <p className="mt-1 text-[0.8125rem]">
                {t(`words.${strictness(least)}`)}{' '}
                <span className="text-muted">– {t('from', { percent: percent(least) })}</span>
              </p>
            </div>
          )}
        </>
      )}
    </SettingRow>
  )
}
