'use client'

import { RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, type ReactNode } from 'react'

import { IconButton } from '@/components/ui/icon-button'

/** What a control is called and what it does, for a screen reader. */
export type Labelling = { 'aria-label': string; 'aria-describedby': string }

type SettingRowProps = {
  name: string
  title: string
  /** One sentence: what it does. */
  sentence: string
  /** It differs from what would hold otherwise; `reset` takes that back. */
  changed: boolean
  reset: () => void
  /** Beside the title: a switch, a value in words. */
  aside?: (labels: Labelling) => ReactNode
  /** Below the sentence: a slider, a field. */
  children?: (labels: Labelling) => ReactNode
}

/** One setting: its name, what it does, its control, and the way back where it was changed. */
export function SettingRow(props: SettingRowProps) {
  const { name, title, sentence, changed, reset, aside, children } = props
  const t = useTranslations('settings')
  const id = useId()
  const labels = { 'aria-label': title, 'aria-describedby': id }
  return (
    <div data-testid={`setting-${name}`} data-changed={changed} className="py-4">
      <div className="flex min-h-8 items-center gap-3">
        <p className="min-w-0 text-sm font-medium">{title}</p>
        {changed && (
          <span className="flex items-center gap-0.5">
            <span className="rounded-full bg-accent-soft px-2 py-0.5 text-xs font-medium text-accent">
              {t('changed')}
            </span>
            <IconButton
              label={t('reset', { title })}
              data-testid={`reset-${name}`}
              onClick={reset}
              className="size-7 [&_svg]:size-3.5"
            >
              <RotateCcw aria-hidden />
            </IconButton>
          </span>
        )}
        {aside && <div className="ml-auto flex shrink-0 items-center">{aside(labels)}</div>}
      </div>
      <p id={labels['aria-describedby']} className="mt-0.5 max-w-prose text-[0.8125rem] text-muted">
        {sentence}
      </p>
      {children && <div className="mt-3">{children(labels)}</div>}
    </div>
  )
}
