'use client'

import { Pin } from 'lucide-react'
import { useFormatter, useNow, useTranslations } from 'next-intl'

import { useChatList } from './chat-list-context'
import { ChatListItem } from './chat-list-item'
import { groupByDate, type ChatGroup } from './date-groups'
import { onListKeyDown } from './list-keys'
import { useChatDeletion } from './use-chat-deletion'
import { useListPage } from './use-list-page'

import { useTimeZone } from '@/components/time/use-time-zone'
import { Button } from '@/components/ui/button'

const MINUTE_MS = 60_000

/** All chats: the pinned ones, then grouped by when they were last written in. */
export function ChatList({ activeId }: { activeId: string | null }) {
  const t = useTranslations()
  const { chats, failed, refresh } = useChatList()
  const now = useNow({ updateInterval: MINUTE_MS })
  const timeZone = useTimeZone()
  const headingOf = useGroupHeading()
  const deleteChat = useChatDeletion()
  const openAt = chats.findIndex(({ id }) => id === activeId)
  const { shown, sentinel } = useListPage(chats.length, openAt)

  return (
    <nav
      aria-label={t('sidebar.chats')}
      data-testid="chat-list"
      onKeyDown={onListKeyDown}
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
      {groupByDate(chats.slice(0, shown), now, timeZone).map((group) => (
        <section key={group.key} aria-labelledby={`chats-${group.key}`} className="pt-3">
          <h2
            id={`chats-${group.key}`}
            className="flex items-center gap-1.5 px-3 pb-1 text-xs font-medium text-muted first-letter:uppercase"
          >
            {group.key === 'pinned' && <Pin aria-hidden className="size-3" />}
            {headingOf(group.key)}
          </h2>
          <ul>
            {group.chats.map((chat) => (
              <ChatListItem
                key={chat.id}
                chat={chat}
                active={chat.id === activeId}
                onDelete={(one, open) => void deleteChat(one, open)}
              />
            ))}
          </ul>
        </section>
      ))}
      <div ref={sentinel} />
    </nav>
  )
}

function useGroupHeading(): (key: ChatGroup['key']) => string {
  const t = useTranslations('dates')
  const format = useFormatter()
  return (key) => {
    if (!key.startsWith('month:')) return t(key as Exclude<ChatGroup['key'], `month:${string}`>)
    const month = new Date(`${key.slice('month:'.length)}-01T00:00:00Z`)
    return format.dateTime(month, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  }
}
