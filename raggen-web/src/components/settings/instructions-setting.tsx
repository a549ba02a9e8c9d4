'use client'

import { useTranslations } from 'next-intl'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

const LONGEST = 20_000
/** From here on the field says how much room is left. */
const NEARLY_FULL = 18_000

/** The person's own words to the model, put after raggen's. Empty: none. */
export function InstructionsSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.generation.systemPrompt')
  const value = layer.values.generation.systemPrompt ?? ''
  return (
    <SettingRow
      name="systemPrompt"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isGenerationSet('systemPrompt')}
      reset={() => layer.resetGeneration('systemPrompt')}
    >
      {(labels) => (
        <>
          <textarea
            {...labels}
            rows={4}
            value={value}
            maxLength={LONGEST}
            placeholder={t('placeholder')}
            data-testid="system-prompt"
            onChange={({ target }) => layer.setGeneration({ systemPrompt: target.value || null })}
            className="field-sizing-content max-h-80 min-h-24 w-full resize-y rounded-lg border border-line-strong bg-raised px-3 py-2 text-sm leading-relaxed placeholder:text-muted"
          />
          {value.length > NEARLY_FULL && (
            <p role="status" className="mt-1 text-xs text-muted">
              {t('left', { count: LONGEST - value.length })}
            </p>
          )}
        </>
      )}
    </SettingRow>
  )
}
