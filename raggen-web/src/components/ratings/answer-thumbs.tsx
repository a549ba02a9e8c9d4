'use client'

import { useTranslations } from 'next-intl'

import { answerPath } from './paths'
import { Thumbs } from './thumbs'

import type { ChatMessage } from '@/chat/message'

/** What the person thinks of an answer. */
export function AnswerThumbs({ answer }: { answer: ChatMessage }) {
  const t = useTranslations('ratings.answer')
  return (
    <Thumbs
      path={answerPath(answer.id)}
      stored={answer.metadata?.rating}
      label={t('label')}
      labels={{ up: t('up'), down: t('down') }}
    />
  )
}
