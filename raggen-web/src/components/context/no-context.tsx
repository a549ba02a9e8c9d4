'use client'

import { CircleDashed, CloudOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { MemoryState } from '@/chat/message'
import { cn } from '@/components/ui/cn'

const SENTENCES = {
  'nothing-relevant': 'nothingRelevant',
  empty: 'empty',
  unavailable: 'unavailable',
  off: 'off',
} as const

/** Why an answer stands on nothing remembered. A fact to show, not a fault to hide. */
export function NoContext({ state }: { state: Exclude<MemoryState, 'used'> }) {
  const t = useTranslations('context')
  const lost = state === 'unavailable'
  const Icon = lost ? CloudOff : CircleDashed
  return (
    <p
      data-testid="context-indicator"
      data-state={state}
      data-count={0}
      className={cn(
        'flex min-h-8 items-center gap-2 text-[0.8125rem]',
        lost ? 'text-caution' : 'text-muted',
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      {t(SENTENCES[state])}
    </p>
  )
}
