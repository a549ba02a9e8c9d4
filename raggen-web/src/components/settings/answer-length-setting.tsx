'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import type { Layer } from './layer'
import { SettingRow } from './setting-row'

const LONGEST = 100_000

/** A whole number of tokens, null for an empty field, undefined for anything else. */
export function readLength(text: string): number | null | undefined {
  const digits = text.replace(/[\s\u00a0]/g, '')
  if (digits === '') return null
  if (!/^\d+$/.test(digits)) return undefined
  const count = Number(digits)
  return count >= 1 && count <= LONGEST ? count : undefined
}

/** The longest answer, in tokens. A field that cannot be read keeps what was typed and says so. */
export function AnswerLengthSetting({ layer }: { layer: Layer }) {
  const t = useTranslations('settings.generation.maxTokens')
  const value = layer.values.generation.maxTokens
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? value?.toString() ?? ''
  const wrong = readLength(shown) === undefined
  return (
    <SettingRow
      name="maxTokens"
      title={t('title')}
      sentence={t('sentence')}
      changed={layer.isGenerationSet('maxTokens')}
      reset={() => {
        setTyped(null)
        layer.resetGeneration('maxTokens')
      }}
    >
      {(labels) => (
        <>
          <div className="flex items-center gap-2 text-sm">
            <input
              {...labels}
              inputMode="numeric"
              value={shown}
              placeholder={t('placeholder')}
              aria-invalid={wrong}
              data-testid="max-tokens"
              onChange={(event) => {
                setTyped(event.target.value)
                const next = readLength(event.target.value)
                if (next !== undefined) layer.setGeneration({ maxTokens: next })
              }}
              onBlur={() => !wrong && setTyped(null)}
              className="h-9 w-60 max-w-full rounded-lg border border-line-strong bg-raised px-3 placeholder:text-muted aria-invalid:border-danger"
            />
            <span className="text-muted">{t('unit')}</span>
          </div>
          {wrong && (
            <p role="alert" className="mt-1.5 text-[0.8125rem] text-danger">
              {t('wrong', { longest: LONGEST })}
            </p>
          )}
        </>
      )}
    </SettingRow>
  )
}
