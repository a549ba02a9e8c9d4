'use client'

import { CircleDashed, CloudOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { NearestMisses } from './nearest-misses'

import type { MemoryState } from '@/chat/message'
import { cn } from '@/components/ui/cn'

const SENTENCES = {
  'nothing-relevant': 'nothingRelevant',
  empty: 'empty',
  unavailable: 'unavailable',
  off: 'off',
} as const

type NoContextProps = {
  state: Exclude<MemoryState, 'used'>
  /** The person asked for an answer without context. */
  onRequest: boolean
  /** null while the answer is written: nothing can be asked about it yet. */
  answerId: string | null
  chatId: string
}

/** Why an answer stands on nothing remembered. A fact to show, not a fault to hide. */
export function NoContext({ state, onRequest, answerId, chatId }: NoContextProps) {
  const t = useTranslations('context')
  const lost = state === 'unavailable'
  const Icon = lost ? CloudOff : CircleDashed
  return (
    <>
      <p
        data-testid="context-indicator"
        data-state={state}
        data-count={0}
        data-on-request={onRequest}
        className={cn(
          'flex min-h-8 items-center gap-2 text-[0.8125rem]',
          lost ? 'text-caution' : 'text-muted',
        )}
      >
        <Icon aria-hidden className="size-3.5 shrink-0" />
        {t(state === 'off' && onRequest ? 'onRequest' : SENTENCES[state])}
      </p>
      {state === 'nothing-relevant' && <NearestMisses answerId={answerId} chatId={chatId} />}
    </>
  )
}
