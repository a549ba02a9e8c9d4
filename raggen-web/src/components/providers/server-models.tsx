'use client'

import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { modelLabel } from './model-label'
import { ModelSearch } from './model-search'

import type { Provider } from '@/components/api/wire'

/** More than this are searched, not scrolled. */
export const MANY_MODELS = 12

type ServerModelsProps = { server: Provider; value: string; onChange: (model: string) => void }

/** The models of one server: a plain list, or a search where there are many. */
export function ServerModels({ server, value, onChange }: ServerModelsProps) {
  const t = useTranslations('providers')
  const [searching, setSearching] = useState(false)
  const label = t('model', { name: server.name })
  if (server.models.length === 0) return null
  if (server.models.length <= MANY_MODELS) {
    return (
      <select
        aria-label={label}
        data-testid="server-model"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="mt-2 h-8 w-full rounded-lg border border-line-strong bg-canvas px-2 text-[0.8125rem]"
      >
        {server.models.map((model) => (
          <option key={model} value={model}>
            {modelLabel(model)}
          </option>
        ))}
      </select>
    )
  }
  return (
    <div className="mt-2">
      <button
        type="button"
        aria-expanded={searching}
        data-testid="model-search-open"
        onClick={() => setSearching(!searching)}
        className="flex h-8 w-full items-center gap-2 rounded-lg border border-line-strong bg-canvas px-2 text-left text-[0.8125rem]"
      >
        <span className="sr-only">{label}: </span>
        <span className="min-w-0 flex-1 truncate">{modelLabel(value)}</span>
        <span className="shrink-0 text-xs text-muted">
          {t('models', { count: server.models.length })}
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-muted" />
      </button>
      {searching && (
        <ModelSearch
          models={server.models}
          value={value}
          label={label}
          onChoose={(model) => {
            setSearching(false)
            onChange(model)
          }}
        />
      )}
    </div>
  )
}
