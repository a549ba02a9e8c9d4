'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'

import { ChatMenu } from './chat-menu'
import { DeleteChat } from './delete-chat'
import { RenameChat } from './rename-chat'

import type { ChatSummary } from '@/components/api/wire'
import { cn } from '@/components/ui/cn'

/** One chat in the list: a link, and a menu that appears on hover, on focus, and always on touch. */
export function ChatListItem({ chat, active }: { chat: ChatSummary; active: boolean }) {
  const t = useTranslations('sidebar')
  const [renaming, setRenaming] = useState(false)
  const [deleting, setDeleting] = useState(false)
  const trigger = useRef<HTMLButtonElement>(null)
  const title = chat.title || t('untitled')

  if (renaming) {
    return (
      <li>
        <RenameChat
          chat={chat}
          onDone={() => {
            setRenaming(false)
            // The trigger comes back with the next paint; then the focus returns to where it was.
            requestAnimationFrame(() => trigger.current?.focus())
          }}
        />
      </li>
    )
  }
  return (
    <li className="group relative">
      <Link
        href={`/chats/${chat.id}`}
        prefetch={false}
        aria-current={active ? 'page' : undefined}
        data-testid="chat-link"
        title={title}
        className={cn(
          'block truncate rounded-lg py-1.5 pr-9 pl-3 text-sm leading-6 transition-colors hover:bg-hover',
          active && 'bg-hover font-medium',
        )}
      >
        {title}
      </Link>
      <ChatMenu
        title={title}
        trigger={trigger}
        onRename={() => setRenaming(true)}
        onDelete={() => setDeleting(true)}
      />
      <DeleteChat
        chat={chat}
        title={title}
        active={active}
        open={deleting}
        onOpenChange={setDeleting}
        onClosed={() => trigger.current?.focus()}
      />
    </li>
  )
}
