'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { GoldenChoice } from './golden-choice'

import type { ContextItem } from '@/chat/message'
import { useFailure } from '@/components/api/use-failure'
import type { GoldenQuestion } from '@/components/api/wire'
import { itemPath } from '@/components/ratings/paths'
import { useGivenRatings } from '@/components/ratings/ratings-context'
import { Button } from '@/components/ui/button'
import { useToasts } from '@/components/ui/toasts'

type GoldenFormProps = {
  answerId: string
  items: ContextItem[]
  /** As it is marked; null: it is not. */
  golden: GoldenQuestion | null
  mark: (expected: string[]) => Promise<unknown>
  unmark: () => Promise<unknown>
  onDone: () => void
}

/** What is proposed: pieces with a thumb up; where there are none, those that the answer was given. */
function useProposal(answerId: string, items: ContextItem[]): string[] {
  const given = useGivenRatings()
  const liked = items.filter((item) => {
    const path = itemPath(answerId, item.itemId)
    return (given.has(path) ? given.get(path) : item.rating) === 1
  })
  const proposed = liked.length > 0 ? liked : items.filter(({ included }) => included)
  return proposed.map(({ messageId }) => messageId)
}

/** Which pieces must be found when the question is asked again. */
export function GoldenForm({ answerId, items, golden, mark, unmark, onDone }: GoldenFormProps) {
  const t = useTranslations('golden')
  const explain = useFailure()
  const toast = useToasts()
  const proposal = useProposal(answerId, items)
  // What another answer stood on may be expected too: it stays.
  const before = golden?.expected.map(({ messageId }) => messageId)
  const [chosen, setChosen] = useState(() => new Set(before ?? proposal))
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function run(work: () => Promise<unknown>, done: string) {
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      await work()
      toast({ text: done })
      onDone()
    } catch (error) {
      setFailure(error)
      setBusy(false)
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void run(() => mark([...chosen]), t('marked'))
      }}
    >
      <fieldset className="space-y-1">
        <legend className="mb-2 text-sm font-medium">{t('expected')}</legend>
        {items.map((item) => (
          <GoldenChoice
            key={item.itemId}
            item={item}
            checked={chosen.has(item.messageId)}
            onChange={(checked) => {
              const next = new Set(chosen)
              if (checked) next.add(item.messageId)
              else next.delete(item.messageId)
              setChosen(next)
            }}
          />
        ))}
      </fieldset>
      <div role="status">
        {chosen.size === 0 && <p className="mt-3 text-sm text-muted">{t('chooseOne')}</p>}
      </div>
      {failure !== null && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {t('failed')} {explain(failure)}
        </p>
      )}
      <div className="mt-5 flex flex-wrap gap-2">
        <Button
          type="submit"
          look="primary"
          // A button that is disabled while it is pressed loses the focus.
          aria-disabled={busy}
          disabled={chosen.size === 0}
          data-testid="golden-save"
          className="aria-disabled:opacity-60"
        >
          {t(golden ? 'save' : 'mark')}
        </Button>
        {golden && (
          <Button
            aria-disabled={busy}
            data-testid="golden-unmark"
            className="aria-disabled:opacity-60"
            onClick={() => void run(unmark, t('unmarked'))}
          >
            {t('unmark')}
          </Button>
        )}
      </div>
    </form>
  )
}
