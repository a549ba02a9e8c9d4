'use client'

import { useTranslations } from 'next-intl'

import { Notice } from './notice'

import type { RequestError } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'

/** The last message has no answer: it was stopped before its first word, or could not be asked for. */
export function Unanswered(props: { failure: RequestError | null; onRetry: () => void }) {
  const t = useTranslations('message')
  const explain = useFailure()
  return (
    <div className="pt-2" data-testid="unanswered">
      <Notice tone={props.failure ? 'danger' : 'quiet'} onRetry={props.onRetry}>
        {props.failure ? explain(props.failure) : t('unanswered')}
      </Notice>
    </div>
  )
}
