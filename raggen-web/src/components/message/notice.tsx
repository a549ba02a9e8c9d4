import { CircleAlert, RotateCcw } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'

type NoticeProps = { tone: 'quiet' | 'danger'; onRetry: (() => void) | null; children: ReactNode }

/** How an answer ended when it did not end well, with the way to try again. */
export function Notice({ tone, onRetry, children }: NoticeProps) {
  const t = useTranslations('message')
  const danger = tone === 'danger'
  return (
    <div
      role={danger ? 'alert' : undefined}
      data-testid="answer-notice"
      className={cn(
        'flex gap-2.5 text-sm',
        danger ? 'rounded-xl bg-danger-soft px-4 py-3' : 'text-muted',
      )}
    >
      {danger && <CircleAlert aria-hidden className="mt-1.5 size-4 shrink-0 text-danger" />}
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-2">
        <p className={cn('py-1', danger && 'min-w-0 flex-1 basis-56')}>{children}</p>
        {onRetry && (
          <Button size="small" onClick={onRetry} data-testid="answer-retry" className="text-ink">
            <RotateCcw aria-hidden className="size-3.5!" />
            {t('retry')}
          </Button>
        )}
      </div>
    </div>
  )
}
