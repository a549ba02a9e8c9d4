'use client'

import { useTranslations } from 'next-intl'

import { ContextList } from './context-list'

import type { Memory } from '@/chat/message'

type ContextPanelProps = {
  id: string
  memory: Memory
  chatId: string
  /** No model was asked: "given to the model" would be wrong. */
  byQuotations: boolean
  /** null while the answer is written: nothing can be said about it yet. */
  answerId?: string | null
}

/** Everything that memory gave to an answer: first what went into it, then what was left out. */
export function ContextPanel(props: ContextPanelProps) {
  const { id, memory, chatId, byQuotations, answerId = null } = props
  const t = useTranslations('context')
  const used = memory.items.filter(({ included }) => included)
  const leftOut = memory.items.filter(({ included }) => !included)
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
      {used.length > 0 && (
        <ContextList
          heading={t(byQuotations ? 'quoted' : 'included', { count: used.length })}
          items={used}
          chatId={chatId}
          answerId={answerId}
          fate={byQuotations ? 'quoted' : 'given'}
        />
      )}
      {leftOut.length > 0 && (
        <ContextList
          heading={t(byQuotations ? 'notQuoted' : 'notIncluded', { count: leftOut.length })}
          items={leftOut}
          chatId={chatId}
          answerId={answerId}
          fate="leftOut"
        />
      )}
    </section>
  )
}
