'use client'

import { useFormatter, useTranslations } from 'next-intl'

import { Button } from '@/components/ui/button'

type ImportProgressProps = { name: string; share: number; onStop: () => void }

/** How far a file has been read. */
export function ImportProgress({ name, share, onStop }: ImportProgressProps) {
  const t = useTranslations('transfer.import')
  const format = useFormatter()
  const percent = format.number(share, { style: 'percent' })
  return (
    <div className="mt-4 flex items-center gap-4" data-testid="import-progress">
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">{t('progress', { name })}</p>
        <progress
          value={share}
          max={1}
          aria-label={t('progress', { name })}
          className="mt-1.5 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-accent"
        />
        <p className="mt-1 text-xs text-muted">
          {share < 1 ? t('percent', { percent }) : t('finishing')}
        </p>
      </div>
      <Button size="small" onClick={onStop} data-testid="import-stop">
        {t('cancel')}
      </Button>
    </div>
  )
}
