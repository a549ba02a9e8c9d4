'use client'

import { EyeOff } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useCallback, useRef, useState, type KeyboardEvent } from 'react'

import { useChatList, type ChatChange } from './chat-list-context'
import { ChatMenu } from './chat-menu'
import { RenameChat } from './rename-chat'

import { useFailure } from '@/components/api/use-failure'
import type { ChatSummary } from '@/components/api/wire'
import { cn } from '@/components/ui/cn'
import { useToasts } from '@/components/ui/toasts'

type ChatListItemProps = {
  chat: ChatSummary
  active: boolean
  onDelete: (chat: ChatSummary, open: boolean) => void
}

/**
 * One chat in the list: a link, and a menu that appears on hover, on focus, and always on touch.
 * On the link F2 renames, Delete deletes and the menu key (or →) opens the menu.
 */
export function ChatListItem({ chat, active, onDelete }: ChatListItemProps) {
  const t = useTranslations('sidebar')
  const explain = useFailure()
  const toast = useToasts()
  const { change } = useChatList()
  const [renaming, setRenaming] = useState(false)
  const returning = useRef(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const title = chat.title || t('untitled')

  function onChange(wanted: ChatChange) {
    change(chat.id, wanted).catch((error: unknown) => toast({ text: explain(error) }))
  }

  /** The focus returns to where it was, as soon as the link is back. */
  const focusAfterRenaming = useCallback((link: HTMLAnchorElement | null) => {
    if (!link || !returning.current) return
    returning.current = false
    link.focus()
  }, [])

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'F2') setRenaming(true)
    else if (event.key === 'Delete') onDelete(chat, active)
    else if (event.key === 'ArrowRight') trigger.current?.focus()
    else return
    event.preventDefault()
  }

  if (renaming) {
    return (
      <li>
        <RenameChat
          chat={chat}
          onDone={() => {
            returning.current = true
            setRenaming(false)
          }}
        />
      </li>
    )
  }
  return (
    <li className="group relative">
      <Link
        ref={focusAfterRenaming}
        href={`/chats/${chat.id}`}
        prefetch={false}
        aria-current={active ? 'page' : undefined}
        data-testid="chat-link"
        title={title}
        onKeyDown={onKeyDown}
        className={cn(
          'flex items-center gap-2 rounded-lg py-1.5 pr-9 pl-3 text-sm leading-6 transition-colors hover:bg-hover',
          active && 'bg-hover font-medium',
        )}
      >
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {chat.excludedAt !== null && (
          <span data-testid="chat-excluded" title={t('excluded')} className="shrink-0 text-muted">
            <EyeOff aria-hidden className="size-3.5" />
            <span className="sr-only">{t('excluded')}</span>
          </span>
        )}
      </Link>
      <ChatMenu
        chat={chat}
        title={title}
        trigger={trigger}
        onChange={onChange}
        onRename={() => setRenaming(true)}
        onDelete={() => onDelete(chat, active)}
      />
    </li>
  )
}
