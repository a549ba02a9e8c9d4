'use client'

import { useTranslations } from 'next-intl'

export const SCOPES = ['GIGACHAT_API_PERS', 'GIGACHAT_API_B2B', 'GIGACHAT_API_CORP'] as const
export type GigaChatScope = (typeof SCOPES)[number]

type ScopeFieldProps = { id: string; value: string; onChange: (scope: string) => void }

/** Which version of GigaChat's API a key is for. */
export function ScopeField({ id, value, onChange }: ScopeFieldProps) {
  const t = useTranslations('providers')
  return (
    <div>
      <label htmlFor={id} className="text-[0.8125rem] font-medium">
        {t('gigachat.scope')}
      </label>
      <select
        id={id}
        value={value}
        data-testid="gigachat-scope-input"
        onChange={(event) => onChange(event.target.value)}
        className="mt-1 h-9 w-full rounded-lg border border-line-strong bg-raised px-2.5 text-sm"
      >
        {SCOPES.map((scope) => (
          <option key={scope} value={scope}>
            {t(`gigachat.scopes.${scope}`)}
          </option>
        ))}
      </select>
    </div>
  )
}
