'use client'

import { Check, Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useState, type KeyboardEvent } from 'react'

import { modelLabel } from './model-label'

import { cn } from '@/components/ui/cn'

/** As many as are worth looking through; more words find the others. */
const SHOWN = 50

type ModelSearchProps = {
  models: string[]
  value: string
  label: string
  onChoose: (model: string) => void
}

/** Every word that was typed stands in the name, in any order. */
export function matchingModels(models: string[], typed: string): string[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter((model) => words.every((word) => model.toLowerCase().includes(word)))
}

/** A field and the models that match it: arrows move, Enter chooses. */
export function ModelSearch({ models, value, label, onChoose }: ModelSearchProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const matching = matchingModels(models, typed)
  const shown = matching.slice(0, SHOWN)

  function move(by: number) {
    const next = Math.max(0, Math.min(shown.length - 1, active + by))
    setActive(next)
    document.getElementById(`${id}-${next}`)?.scrollIntoView?.({ block: 'nearest' })
  }

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      move(step)
    }
    const chosen = shown[active]
    if (event.key === 'Enter' && chosen !== undefined) {
      event.preventDefault()
      onChoose(chosen)
    }
  }

  return (
    <div className="mt-2 overflow-hidden rounded-lg border border-line-strong bg-canvas">
      <div className="flex items-center gap-2 border-b px-2.5">
        <Search aria-hidden className="size-3.5 shrink-0 text-muted" />
        <input
          // It opens because somebody wants to type.

          autoFocus
          role="combobox"
          aria-label={`${label}: ${t('modelSearch')}`}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={shown.length > 0 ? `${id}-${active}` : undefined}
          autoComplete="off"
          spellCheck={false}
          placeholder={t('modelSearch')}
          data-testid="model-search-input"
          value={typed}
          onKeyDown={onKeyDown}
          onChange={(event) => {
            setTyped(event.target.value)
            setActive(0)
          }}
          className="h-9 w-full bg-transparent text-[0.8125rem] outline-none placeholder:text-muted"
        />
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        className="max-h-56 overflow-y-auto p-1"
      >
        {shown.map((model, index) => (
          // Keys go to the field above, which names the active option.

          <li
            key={model}
            id={`${id}-${index}`}
            role="option"
            aria-selected={model === value}
            data-testid="model-search-option"
            onClick={() => onChoose(model)}
            onMouseMove={() => setActive(index)}
            className={cn(
              'flex cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-[0.8125rem]',
              index === active && 'bg-hover',
            )}
          >
            <span className="min-w-0 flex-1 wrap-anywhere">{modelLabel(model)}</span>
            {model === value && <Check aria-hidden className="size-3.5 shrink-0 text-accent" />}
          </li>
        ))}
      </ul>
      <p role="status" className="px-2.5 pb-2 text-xs text-muted empty:hidden">
        {matching.length === 0 && t('modelNone')}
        {matching.length > SHOWN && t('modelMore', { count: matching.length - SHOWN })}
      </p>
    </div>
  )
}
