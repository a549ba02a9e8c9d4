'use client'

import { useTranslations } from 'next-intl'

import { ContextItem } from './context-item'

import type { Memory } from '@/chat/message'

type ContextPanelProps = { id: string; memory: Memory; chatId: string; byQuotations: boolean }

/** Everything that memory gave to an answer. */
export function ContextPanel({ id, memory, chatId, byQuotations }: ContextPanelProps) {
  const t = useTranslations('context')
  return (
    <section
      id={id}
      aria-label={t('panel')}
      data-testid="context-panel"
      className="mt-2 animate-appear overflow-hidden rounded-xl border bg-raised"
    >
      <p className="border-b bg-surface px-4 py-2 text-xs text-muted">
        {t('panelIntro')} {t('took', { ms: Math.round(memory.tookMs) })}.
      </p>
      <ol className="divide-y">
        {memory.items.map((item) => (
          <ContextItem key={item.itemId} item={item} chatId={chatId} byQuotations={byQuotations} />
        ))}
      </ol>
    </section>
  )
}
