'use client'

import { useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import { Switch } from '@/components/ui/switch'

type SwitchSettingProps = {
  layer: Layer
  name: 'enabled' | 'declineWithoutContext' | 'preview'
}

/** A setting that is on or off. */
export function SwitchSetting({ layer, name }: SwitchSettingProps) {
  const t = useTranslations('settings.context')
  return (
    <SettingRow
      name={name}
      title={t(`${name}.title`)}
      sentence={t(`${name}.sentence`)}
      changed={layer.isContextSet(name)}
      reset={() => layer.resetContext(name)}
      aside={(labels) => (
        <Switch
          {...labels}
          checked={layer.values.context[name]}
          onCheckedChange={(on) => layer.setContext({ [name]: on })}
        />
      )}
    />
  )
}
