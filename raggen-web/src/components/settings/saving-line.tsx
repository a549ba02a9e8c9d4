'use client'

import { Check, CircleAlert, LoaderCircle } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { Saving } from './saved'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'

type SavingLineProps = {
  saving: Saving
  /** A chat that is not on the server yet: nothing is written before its first message. */
  isNew?: boolean
  onRetry: () => void
}

/** Whether the last change has been saved. What was not is kept, and can be tried again. */
export function SavingLine({ saving, isNew = false, onRetry }: SavingLineProps) {
  const t = useTranslations('settings.saving')
  const explain = useFailure()
  if (saving.state === 'failed') {
    return (
      <div
        role="alert"
        data-testid="saving"
        data-state="failed"
        className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-xl bg-danger-soft px-4 py-2.5 text-sm"
      >
        <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />
        <p className="min-w-0 flex-1 basis-48">
          <span className="font-medium text-danger">{t('failed')}</span> {explain(saving.failure)}
        </p>
        <Button size="small" onClick={onRetry} data-testid="saving-retry">
          {t('retry')}
        </Button>
      </div>
    )
  }
  return (
    <p
      role="status"
      data-testid="saving"
      data-state={saving.state}
      className="flex min-h-6 items-center gap-1.5 text-[0.8125rem] text-muted"
    >
      {saving.state === 'saving' && (
        <>
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          {t('saving')}
        </>
      )}
      {saving.state === 'saved' && (
        <>
          <Check aria-hidden className="size-3.5 text-accent" />
          {t(isNew ? 'kept' : 'saved')}
        </>
      )}
      {saving.state === 'idle' && t('idle')}
    </p>
  )
}
