'use client'

import { CircleAlert, EyeOff, Hourglass, PencilLine, Pin } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import type { MemoryItem } from './memory-item'

import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'

type MarkProps = { name: string; tone?: string; icon: ReactNode; children: ReactNode }

function Mark({ name, tone, icon, children }: MarkProps) {
  return (
    <span
      data-testid={`memory-mark-${name}`}
      className={cn('inline-flex items-center gap-1.5 [&_svg]:size-3.5 [&_svg]:shrink-0', tone)}
    >
      {icon}
      {children}
    </span>
  )
}

/** What is special about a remembered message, in words; nothing for most. */
export function MemoryMarks({ item, onTryAgain }: { item: MemoryItem; onTryAgain: () => void }) {
  const t = useTranslations('memory')
  const relevance = item.relevanceWord && t(`relevance.${item.relevanceWord}`)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-muted empty:hidden">
      {relevance && <span>{relevance}</span>}
      {item.pinned && (
        <Mark name="pinned" tone="text-accent" icon={<Pin aria-hidden />}>
          {t('mark.pinned')}
        </Mark>
      )}
      {item.excludedBy !== null && (
        <Mark name="excluded" tone="text-caution" icon={<EyeOff aria-hidden />}>
          {t(item.excludedBy === 'chat' ? 'mark.excludedChat' : 'mark.excluded')}
        </Mark>
      )}
      {item.corrected && (
        <Mark name="corrected" icon={<PencilLine aria-hidden />}>
          {t('mark.corrected')}
        </Mark>
      )}
      {item.indexed === 'pending' && (
        <Mark name="pending" icon={<Hourglass aria-hidden />}>
          {t('mark.pending')}
        </Mark>
      )}
      {item.indexed === 'failed' && (
        <Mark name="failed" tone="text-danger" icon={<CircleAlert aria-hidden />}>
          {t('mark.failed')}
          <Button size="small" onClick={onTryAgain} className="ml-1.5 h-7 text-ink">
            {t('tryAgain')}
          </Button>
        </Mark>
      )}
    </div>
  )
}
