'use client'

import { useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

import { Choices } from '@/components/ui/choices'

const LANGUAGES = { any: [], ru: ['ru'], en: ['en'] } as const satisfies Record<
  string,
  ('ru' | 'en')[]
>

/** In which languages remembered messages may be. */
export function LanguagesSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.context.languages')
  const chosen = layer.values.context.languages
  const [only, ...others] = chosen
  return (
    <SettingRow
      name="languages"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isContextSet('languages')}
      reset={() => layer.resetContext('languages')}
    >
      {(labels) => (
        <Choices
          {...labels}
          value={only && others.length === 0 ? only : 'any'}
          choices={(['any', 'ru', 'en'] as const).map((value) => ({
            value,
            label: t(value),
            testId: `languages-${value}`,
          }))}
          onChange={(value) =>
            layer.setContext({ languages: [...LANGUAGES[value as keyof typeof LANGUAGES]] })
          }
        />
      )}
    </SettingRow>
  )
}
