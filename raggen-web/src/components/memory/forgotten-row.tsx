'use client'

import { Eraser } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { MemoryItem } from './memory-item'
import { MemorySource } from './memory-source'

import { Button } from '@/components/ui/button'

type ForgottenRowProps = {
  item: MemoryItem
  onProof: () => void
  /** Erases the words in the chat too. */
  onErase: () => void
}

/** What is left of a forgotten message: that there was one. Its words are not repeated here. */
export function ForgottenRow({ item, onProof, onErase }: ForgottenRowProps) {
  const t = useTranslations('memory.forgottenRow')
  return (
    <div className="flex gap-3 text-[0.8125rem]">
      <Eraser aria-hidden className="mt-1 size-4 shrink-0 text-muted" />
      <div className="min-w-0 flex-1 space-y-1.5">
        <p className="text-[0.9375rem] text-muted italic">{t('title')}</p>
        <p className="text-muted" data-testid="forgotten-state" data-state={item.indexed}>
          {t(item.indexed === 'gone' ? 'gone' : 'pending')}.{' '}
          {t(item.said === '' ? 'erased' : 'inChat')}
        </p>
        <MemorySource item={item} />
        <div className="flex flex-wrap gap-2 pt-0.5">
          <Button size="small" onClick={onProof} data-testid="memory-proof-open">
            {t('proof')}
          </Button>
          {item.said !== '' && (
            <Button size="small" onClick={onErase} data-testid="memory-erase">
              {t('erase')}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}
