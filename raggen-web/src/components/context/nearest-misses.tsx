'use client'

import { ChevronDown } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { ContextList } from './context-list'
import { useMisses } from './use-misses'

import { useFailure } from '@/components/api/use-failure'
import { cn } from '@/components/ui/cn'

type NearestMissesProps = {
  /** null while the answer is written: the button only keeps its place, so that nothing moves later. */
  answerId: string | null
  chatId: string
}

/** On request: what was closest to the question, though not close enough. */
export function NearestMisses({ answerId, chatId }: NearestMissesProps) {
  const t = useTranslations('context.misses')
  const explain = useFailure()
  const panelId = useId()
  const [open, setOpen] = useState(false)
  const { items, failure, load } = useMisses(answerId)

  function toggle() {
    if (answerId === null) return
    // What was remembered may have changed since: opened again, it is asked again.
    if (!open) void load()
    setOpen(!open)
  }

  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        aria-disabled={answerId === null}
        aria-controls={open ? panelId : undefined}
        data-testid="misses-open"
        onClick={toggle}
        className="inline-flex min-h-8 items-center gap-1.5 rounded-sm text-[0.8125rem] font-medium text-accent hover:underline aria-disabled:opacity-50"
      >
        {t(open ? 'hide' : 'show')}
        <ChevronDown
          aria-hidden
          className={cn('size-3.5 transition-transform', open && 'rotate-180')}
        />
      </button>
      {open && (
        <section
          id={panelId}
          aria-label={t('label')}
          aria-busy={items === null && failure === null}
          data-testid="misses"
          className="mt-1 animate-appear overflow-hidden rounded-xl border bg-raised text-[0.8125rem]"
        >
          {failure !== null ? (
            <p role="alert" className="px-4 py-3">
              {t('failed')} {explain(failure)}
            </p>
          ) : items === null ? (
            <p className="px-4 py-3 text-muted">{t('loading')}</p>
          ) : items.length === 0 ? (
            <p className="px-4 py-3 text-muted">{t('none')}</p>
          ) : (
            <ContextList
              heading={t('heading')}
              items={items}
              chatId={chatId}
              fate="missed"
              answerId={null}
            />
          )}
        </section>
      )}
    </div>
  )
}
