'use client'

import { ArrowUpRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

import type { ContextItem } from '@/chat/message'
import { Moment } from '@/components/time/moment'

/** Who said it, when, and where: a link to the very message, unless its chat is gone. */
export function ItemSource({ item, chatId }: { item: ContextItem; chatId: string }) {
  const t = useTranslations()
  const here = item.chatId === chatId
  const title = item.chatTitle || t('sidebar.untitled')
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-muted">
      <span className="font-medium text-ink">
        {t(item.speaker === 'user' ? 'context.you' : 'context.assistant')}
      </span>
      <span aria-hidden>·</span>
      <Moment at={item.timestamp} style="full" />
      {item.chatId === null ? (
        <span className="italic">{t('context.deletedChat')}</span>
      ) : (
        <Link
          href={`/chats/${item.chatId}#m-${item.messageId}`}
          aria-label={here ? t('context.jumpHere') : t('context.jump', { title })}
          title={here ? t('context.jumpHere') : t('context.jump', { title })}
          className="inline-flex min-h-6 max-w-full min-w-0 items-center gap-0.5 rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-current"
        >
          <span className="truncate">
            {here ? t('context.inThisChat') : t('context.inChat', { title })}
          </span>
          <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
        </Link>
      )}
    </p>
  )
}
