'use client'

import { useTranslations } from 'next-intl'

import { Notice } from './notice'

import type { AnswerStatus } from '@/chat/message'
import { useFailure } from '@/components/api/use-failure'

type AnswerNoticeProps = {
  status: AnswerStatus
  live: boolean
  errorCode: string | undefined
  onRetry: (() => void) | null
}

/** A sentence under an answer that did not come to its end; nothing under one that did. */
export function AnswerNotice({ status, live, errorCode, onRetry }: AnswerNoticeProps) {
  const t = useTranslations('message')
  const explain = useFailure()
  // A complete answer may carry a reservation: the model hit its length limit, say.
  const reserved = status === 'complete' && errorCode !== undefined
  if (live || (status === 'complete' && !reserved)) return null
  return (
    <div className="mt-3">
      {reserved && (
        <Notice tone="quiet" onRetry={onRetry}>
          {explain(errorCode)}
        </Notice>
      )}
      {status === 'failed' && (
        <Notice tone="danger" onRetry={onRetry}>
          <span className="font-medium text-danger">{t('failed')}</span> {explain(errorCode)}
        </Notice>
      )}
      {status === 'interrupted' && (
        <Notice tone="danger" onRetry={onRetry}>
          {t('interrupted')}
        </Notice>
      )}
      {status === 'stopped' && (
        <Notice tone="quiet" onRetry={onRetry}>
          {t('stopped')}
        </Notice>
      )}
      {status === 'streaming' && (
        <Notice tone="quiet" onRetry={null}>
          {t('stillWriting')}
        </Notice>
      )}
    </div>
  )
}
