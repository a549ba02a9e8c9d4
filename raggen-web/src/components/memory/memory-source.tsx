'use client'

import { ArrowUpRight } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

import type { MemoryItem } from './memory-item'

import { Moment } from '@/components/time/moment'

/** Who said it, when, and where: a link to the very message. */
export function MemorySource({ item }: { item: MemoryItem }) {
  const t = useTranslations()
  const title = item.chatTitle || t('sidebar.untitled')
  // A chat is called by its first message until somebody names it: the words stand above already.
  const echo = item.said.replace(/\s+/g, ' ').startsWith(title.replace(/…$/, ''))
  return (
    <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-muted">
      <span className="font-medium text-ink">
        {t(item.speaker === 'user' ? 'memory.you' : 'memory.assistant')}
      </span>
      <span aria-hidden>·</span>
      <Moment at={item.createdAt} style="full" />
      <span aria-hidden>·</span>
      <Link
        href={`/chats/${item.chatId}#m-${item.messageId}`}
        prefetch={false}
        aria-label={echo ? `${t('memory.toChat')}: ${title}` : t('memory.jump', { title })}
        title={t('memory.jump', { title })}
        data-testid="memory-jump"
        className="inline-flex min-h-6 max-w-full min-w-0 items-center gap-0.5 rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-current"
      >
        <span className="truncate">{echo ? t('memory.toChat') : title}</span>
        <ArrowUpRight aria-hidden className="size-3.5 shrink-0" />
      </Link>
    </p>
  )
}
