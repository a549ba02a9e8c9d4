'use client'

import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { useChatList } from '@/components/chats/chat-list-context'

/** Enough to choose from; more are found by their title. */
const MAX_SHOWN = 100
/** The server takes no more. */
const MAX_CHOSEN = 1000

type ChatPickerProps = { chosen: string[]; onChange: (chatIds: string[]) => void }

/** Which chats: a list to tick, found by title. The chosen ones come first. */
export function ChatPicker({ chosen, onChange }: ChatPickerProps) {
  const t = useTranslations()
  const { chats } = useChatList()
  const [wanted, setWanted] = useState('')
  // What is ticked while the list is open stays where it is: rows must not jump under the pointer.
  const [first] = useState(() => new Set(chosen))
  const searchId = useId()
  const titleOf = (title: string) => title || t('sidebar.untitled')
  const words = wanted.trim().toLocaleLowerCase()
  const found = chats
    .filter(({ title }) => titleOf(title).toLocaleLowerCase().includes(words))
    .toSorted((a, b) => Number(first.has(b.id)) - Number(first.has(a.id)))
  const gone = chosen.filter((id) => !chats.some((chat) => chat.id === id)).length

  function toggle(chatId: string, on: boolean) {
    onChange(on ? [...chosen, chatId].slice(-MAX_CHOSEN) : chosen.filter((id) => id !== chatId))
  }

  return (
    <div data-testid="chat-picker" className="mt-3 overflow-hidden rounded-xl border bg-raised">
      <div className="flex items-center gap-2 border-b px-3">
        <Search aria-hidden className="size-4 shrink-0 text-muted" />
        <label htmlFor={searchId} className="sr-only">
          {t('settings.picker.search')}
        </label>
        <input
          id={searchId}
          type="search"
          value={wanted}
          placeholder={t('settings.picker.search')}
          onChange={(event) => setWanted(event.target.value)}
          className="h-10 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-muted"
        />
        <span role="status" className="text-xs whitespace-nowrap text-muted">
          {t('settings.picker.chosen', { count: chosen.length })}
        </span>
      </div>
      {found.length === 0 ? (
        <p className="px-3 py-3 text-sm text-muted">
          {t(chats.length === 0 ? 'settings.picker.noChats' : 'settings.picker.noneFound')}
        </p>
      ) : (
        <ul tabIndex={-1} className="max-h-56 overflow-y-auto overscroll-contain py-1">
          {found.slice(0, MAX_SHOWN).map((chat) => (
            <li key={chat.id}>
              <label className="flex min-h-9 cursor-pointer items-center gap-2.5 px-3 text-sm hover:bg-hover">
                <input
                  type="checkbox"
                  checked={chosen.includes(chat.id)}
                  data-testid="chat-picker-chat"
                  onChange={(event) => toggle(chat.id, event.target.checked)}
                  className="size-4 shrink-0 accent-(--accent)"
                />
                <span className="truncate">{titleOf(chat.title)}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
      {(found.length > MAX_SHOWN || gone > 0 || chosen.length === 0) && (
        <p className="space-x-1 border-t px-3 py-2 text-xs text-muted">
          {chosen.length === 0 && <span>{t('settings.picker.chooseOne')}</span>}
          {found.length > MAX_SHOWN && (
            <span>{t('settings.picker.more', { count: found.length - MAX_SHOWN })}</span>
          )}
          {gone > 0 && <span>{t('settings.picker.gone', { count: gone })}</span>}
        </p>
      )}
    </div>
  )
}
