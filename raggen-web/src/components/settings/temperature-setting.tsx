'use client'

import { useFormatter, useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import { Choices } from '@/components/ui/choices'
import { Slider } from '@/components/ui/slider'

const FIRST_OWN = 0.7

/** A temperature in words. */
export function temperatureWord(value: number): 'exact' | 'even' | 'free' | 'wild' {
  if (value <= 0.3) return 'exact'
  if (value <= 0.9) return 'even'
  return value <= 1.3 ? 'free' : 'wild'
}

/** How freely the model chooses its words; or as its server does by itself. */
export function TemperatureSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.generation.temperature')
  const format = useFormatter()
  const value = layer.values.generation.temperature
  return (
    <SettingRow
      name="temperature"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isGenerationSet('temperature')}
      reset={() => layer.resetGeneration('temperature')}
    >
      {(labels) => (
        <>
          <Choices
            {...labels}
            value={value === null ? 'automatic' : 'own'}
            choices={[
              { value: 'automatic', label: t('automatic'), testId: 'temperature-automatic' },
              { value: 'own', label: t('own'), testId: 'temperature-own' },
            ]}
            onChange={(kind) =>
              layer.setGeneration({ temperature: kind === 'automatic' ? null : FIRST_OWN })
            }
          />
          {value !== null && (
            <div className="mt-3">
              <Slider
                aria-label={labels['aria-label']}
                value={value}
                min={0}
                max={2}
                step={0.1}
                valueText={`${t(`words.${temperatureWord(value)}`)}, ${format.number(value)}`}
                onChange={(temperature) => layer.setGeneration({ temperature })}
              />
              <p className="mt-1 text-[0.8125rem]">
                {t(`words.${temperatureWord(value)}`)}{' '}
                <span className="text-muted tabular-nums">– {format.number(value)}</span>
              </p>
            </div>
          )}
        </>
      )}
    </SettingRow>
  )
}
