'use client'

import { Ellipsis, Eye, EyeOff, Pencil, Pin, PinOff, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, type RefObject } from 'react'

import type { ChatChange } from './chat-list-context'

import type { ChatSummary } from '@/components/api/wire'
import { ExportItems } from '@/components/transfer/export-items'
import { Button } from '@/components/ui/button'
import { Menu, MenuContent, MenuItem, MenuLine, MenuTrigger } from '@/components/ui/menu'

type ChatMenuProps = {
  chat: ChatSummary
  title: string
  trigger: RefObject<HTMLButtonElement | null>
  onChange: (change: ChatChange) => void
  onRename: () => void
  onDelete: () => void
}

/** What can be done with one chat. */
export function ChatMenu(props: ChatMenuProps) {
  const { chat, title, trigger, onChange, onRename, onDelete } = props
  const t = useTranslations('chatMenu')
  // Renaming and deleting move the focus themselves: the menu must not take it back when it closes.
  const chosen = useRef(false)
  const choose = (action: () => void) => () => {
    chosen.current = true
    action()
  }
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button
          ref={trigger}
          look="quiet"
          aria-label={t('label', { title })}
          data-testid="chat-menu"
          className="absolute top-1 right-1 size-7 rounded-md opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
        >
          <Ellipsis aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent
        align="end"
        onCloseAutoFocus={(event) => {
          if (chosen.current) event.preventDefault()
          chosen.current = false
        }}
      >
        <MenuItem
          onSelect={() => onChange({ pinned: chat.pinnedAt === null })}
          data-testid="chat-pin"
        >
          {chat.pinnedAt === null ? <Pin aria-hidden /> : <PinOff aria-hidden />}
          {chat.pinnedAt === null ? t('pin') : t('unpin')}
        </MenuItem>
        <MenuItem onSelect={choose(onRename)} data-testid="chat-rename">
          <Pencil aria-hidden /> {t('rename')}
        </MenuItem>
        <MenuItem
          onSelect={() => onChange({ excluded: chat.excludedAt === null })}
          data-testid="chat-exclude"
        >
          {chat.excludedAt === null ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          {chat.excludedAt === null ? t('exclude') : t('include')}
        </MenuItem>
        <MenuLine />
        <ExportItems chatId={chat.id} />
        <MenuLine />
        {/* The drawer of a phone would stand in front of the way to undo it. */}
        <MenuItem
          onSelect={choose(onDelete)}
          data-closes-drawer
          data-testid="chat-delete"
          className="text-danger"
        >
          <Trash2 aria-hidden /> {t('delete')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}
