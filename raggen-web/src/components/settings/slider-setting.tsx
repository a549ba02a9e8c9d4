'use client'

import { useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import { Slider } from '@/components/ui/slider'

type SliderSettingProps = {
  layer: Layer
  name: 'count' | 'budgetShare' | 'recency'
  min: number
  max: number
  step: number
  inWords: (value: number) => string
}

/** A setting between two ends, its value in words beside it. */
export function SliderSetting({ layer, name, min, max, step, inWords }: SliderSettingProps) {
  const t = useTranslations('settings.context')
  const value = layer.values.context[name]
  return (
    <SettingRow
      name={name}
      title={t(`${name}.title`)}
      sentence={t(`${name}.sentence`)}
      changed={layer.isContextSet(name)}
      reset={() => layer.resetContext(name)}
      aside={() => <output className="text-sm tabular-nums">{inWords(value)}</output>}
    >
      {(labels) => (
        <Slider
          {...labels}
          value={value}
          min={min}
          max={max}
          step={step}
          valueText={inWords(value)}
          onChange={(next) => layer.setContext({ [name]: next })}
        />
      )}
    </SettingRow>
  )
}
