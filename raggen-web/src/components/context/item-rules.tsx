'use client'

import { EyeOff, Pin } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { useMemoryRule } from './use-memory-rule'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'

type ItemRulesProps = {
  messageId: string
  /** As the answer knew it; what is done here is known from then on. */
  pinned: boolean
}

/** Pin a remembered message, or never recall it again; both can be taken back at once. */
export function ItemRules({ messageId, pinned }: ItemRulesProps) {
  const t = useTranslations('context.rules')
  const explain = useFailure()
  const { rule, busy, failure, change } = useMemoryRule(messageId, pinned)
  const undo = useRef<HTMLButtonElement>(null)
  const changed = useRef(false)

  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what takes its place.
    if (changed.current) undo.current?.focus()
    changed.current = false
  }, [rule])

  function set(changes: Parameters<typeof change>[0]) {
    changed.current = true
    void change(changes)
  }

  return (
    <div data-testid="context-rules" data-rule={rule} className="-ml-2 text-muted">
      {rule === 'none' ? (
        <div className="flex flex-wrap gap-x-1">
          <Button
            look="quiet"
            size="small"
            disabled={busy}
            data-testid="context-pin"
            onClick={() => set({ pinned: true })}
            className="px-2"
          >
            <Pin aria-hidden className="size-3.5!" />
            {t('pin')}
          </Button>
          <Button
            look="quiet"
            size="small"
            disabled={busy}
            data-testid="context-exclude"
            onClick={() => set({ excluded: true })}
            className="px-2"
          >
            <EyeOff aria-hidden className="size-3.5!" />
            {t('exclude')}
          </Button>
        </div>
      ) : (
        <p role="status" className="flex flex-wrap items-center gap-x-1 pl-2">
          {t(rule)}
          <Button
            ref={undo}
            look="quiet"
            size="small"
            disabled={busy}
            data-testid="context-rule-undo"
            onClick={() => set(rule === 'pinned' ? { pinned: false } : { excluded: false })}
            className="px-2 text-accent"
          >
            {t(rule === 'pinned' ? 'unpin' : 'undo')}
          </Button>
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="pl-2 text-danger">
          {t('failed')} {explain(failure)}
        </p>
      )}
    </div>
  )
}
