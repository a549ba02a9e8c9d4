'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { useChoice } from './choice-context'
import { useProviders } from './providers-context'
import { useChoosing } from './use-choosing'
import { useSelectionName } from './use-selection-name'

import { Button } from '@/components/ui/button'

/** What is missing of what this chat chose: its server, or the model there. null: nothing is. */
function useGone(): 'server' | 'model' | null {
  const { providers } = useProviders()
  const { selection, own } = useChoice()
  if (!own || providers === null) return null
  const server = providers.find(({ id }) => id === selection.providerId)
  if (!server) return 'server'
  const { kind, available, models } = server
  if (kind === 'quotations' || kind === 'local' || !available || models.length === 0) return null
  return selection.model !== null && !models.includes(selection.model) ? 'model' : null
}

/**
 * Where the one whom this chat chose is not there any more, or the choice was not saved. Nobody takes
 * over unasked: what is said here might go where its person would not send it.
 */
export function ChoiceNotice({ onChoose }: { onChoose: () => void }) {
  const t = useTranslations('providers')
  const { selection: usual } = useProviders()
  const { selection, unsaved } = useChoice()
  const { follow } = useChoosing()
  const nameOf = useSelectionName()
  const gone = useGone()
  if (unsaved) {
    return (
      <Line testId="choice-unsaved" text={t('choice.unsaved', { name: nameOf(selection) })}>
        <Button size="small" onClick={unsaved.retry}>
          {t('reload')}
        </Button>
      </Line>
    )
  }
  if (gone === null) return null
  const text = t(gone === 'server' ? 'choice.serverGone' : 'choice.modelGone', {
    name: nameOf(selection),
  })
  return (
    <Line testId="choice-gone" text={text}>
      <Button size="small" onClick={onChoose} data-testid="choice-gone-choose">
        {t('choice.another')}
      </Button>
      <Button size="small" onClick={follow} data-testid="choice-gone-follow">
        {t('choice.takeUsual', { name: nameOf(usual) })}
      </Button>
    </Line>
  )
}

function Line(props: { testId: string; text: string; children: ReactNode }) {
  return (
    <div className="mx-auto mb-2 w-full max-w-3xl px-4">
      <div
        role="alert"
        data-testid={props.testId}
        className="flex flex-wrap items-center gap-2 rounded-xl border border-caution/40 bg-surface px-4 py-2.5 text-sm"
      >
        <p className="min-w-0 flex-1 basis-64 wrap-anywhere">{props.text}</p>
        {props.children}
      </div>
    </div>
  )
}
