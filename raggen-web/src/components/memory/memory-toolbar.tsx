'use client'

import { X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

import { MemoryFilters } from './memory-filters'
import type { MemoryCounts, MemoryFilter } from './memory-item'
import { MemorySearch } from './memory-search'

import { Button } from '@/components/ui/button'

export type ShownChat = { id: string; title: string } | null

type MemoryToolbarProps = {
  query: string
  filter: MemoryFilter
  chat: ShownChat
  counts: MemoryCounts
  onQuery: (query: string) => void
  onFilter: (filter: MemoryFilter) => void
  onAllChats: () => void
  /** What is worth knowing about what is shown. */
  children: ReactNode
}

/** What the page is about, and what of memory to show. */
export function MemoryToolbar(props: MemoryToolbarProps) {
  const { query, filter, chat, counts, onQuery, onFilter, onAllChats, children } = props
  const t = useTranslations()
  return (
    <>
      <p className="text-sm text-muted">{t('memory.intro')}</p>
      <MemorySearch query={query} onChange={onQuery} />
      <MemoryFilters filter={filter} counts={counts} onChange={onFilter} />
      {chat && (
        <Button
          size="small"
          onClick={onAllChats}
          data-testid="memory-all-chats"
          className="max-w-full rounded-full"
        >
          <span className="truncate">
            {t('memory.inChat', { title: chat.title || t('sidebar.untitled') })}
          </span>
          <X aria-hidden />
          <span className="sr-only">{t('memory.allChats')}</span>
        </Button>
      )}
      {children}
      <p id="memory-list-keys" className="sr-only">
        {t('memory.listKeys')}
      </p>
    </>
  )
}
