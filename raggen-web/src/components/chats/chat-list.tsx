'use client'

import { useFormatter, useNow, useTranslations } from 'next-intl'

import { useChatList } from './chat-list-context'
import { ChatListItem } from './chat-list-item'
import { groupByDate, type DateGroup } from './date-groups'

import { useTimeZone } from '@/components/time/use-time-zone'
import { Button } from '@/components/ui/button'

const MINUTE_MS = 60_000

/** All chats, grouped by when they were last written in. */
export function ChatList({ activeId }: { activeId: string | null }) {
  const t = useTranslations()
  const { chats, failed, refresh } = useChatList()
  const now = useNow({ updateInterval: MINUTE_MS })
  const timeZone = useTimeZone()
  const headingOf = useGroupHeading()

  return (
    <nav
      aria-label={t('sidebar.chats')}
      data-testid="chat-list"
      className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-4"
    >
      {chats.length === 0 && !failed && (
        <p className="px-3 py-2 text-sm text-muted">{t('sidebar.empty')}</p>
      )}
      {failed && (
        <div role="alert" className="px-3 py-2 text-sm text-muted">
          <p>{t('sidebar.loadFailed')}</p>
          <Button size="small" className="mt-2" onClick={() => void refresh()}>
            {t('sidebar.reload')}
          </Button>
        </div>
      )}
      {groupByDate(chats, now, timeZone).map((group) => (
        <section key={group.key} aria-labelledby={`chats-${group.key}`} className="pt-3">
          <h2
            id={`chats-${group.key}`}
            className="px-3 pb-1 text-xs font-medium text-muted first-letter:uppercase"
          >
            {headingOf(group.key)}
          </h2>
          <ul>
            {group.chats.map((chat) => (
              <ChatListItem key={chat.id} chat={chat} active={chat.id === activeId} />
            ))}
          </ul>
        </section>
      ))}
    </nav>
  )
}

function useGroupHeading(): (key: DateGroup['key']) => string {
  const t = useTranslations('dates')
  const format = useFormatter()
  return (key) => {
    if (key === 'today' || key === 'yesterday' || key === 'week' || key === 'month') return t(key)
    const month = new Date(`${key.slice('month:'.length)}-01T00:00:00Z`)
    return format.dateTime(month, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  }
}
