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
        'flex flex-wrap items-center gap-x-3 gap-y-2 text-sm',
        danger ? 'rounded-xl bg-danger-soft px-4 py-3' : 'text-muted',
      )}
    >
      {danger && <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />}
      <p className={danger ? 'min-w-0 flex-1 basis-56' : undefined}>{children}</p>
      {onRetry && (
        <Button size="small" onClick={onRetry} data-testid="answer-retry">
          <RotateCcw aria-hidden className="size-3.5!" />
          {t('retry')}
        </Button>
      )}
    </div>
  )
}
