'use client'

import { useTranslations } from 'next-intl'

import type { FoundMessage as Found } from '@/components/api/wire'
import { HighlightedText } from '@/components/context/highlighted-text'
import { Moment } from '@/components/time/moment'

/** What was said, with what was looked for marked in it; who said it, when and where. */
export function FoundMessage({ message }: { message: Found }) {
  const t = useTranslations()
  return (
    <>
      <span className="line-clamp-3 text-sm break-words">
        <HighlightedText text={message.excerpt} highlights={message.highlights} />
      </span>
      <span className="mt-1 flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
        <span className="whitespace-nowrap">
          <span className="font-medium text-ink">
            {t(message.speaker === 'user' ? 'context.you' : 'context.assistant')}
          </span>
          <span aria-hidden> · </span>
          <Moment at={message.createdAt} style="full" />
        </span>
        <span className="max-w-full min-w-0 truncate">
          {t('search.inChat', { title: message.chatTitle || t('sidebar.untitled') })}
        </span>
        {message.how === 'meaning' && (
          <span className="rounded-md bg-accent-soft px-1.5 py-px text-accent">
            {t('search.byMeaning')}
          </span>
        )}
      </span>
    </>
  )
}
