'use client'

import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, type RefObject } from 'react'

import { Button } from '@/components/ui/button'
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/components/ui/menu'

type ChatMenuProps = {
  title: string
  trigger: RefObject<HTMLButtonElement | null>
  onRename: () => void
  onDelete: () => void
}

/** What can be done with one chat. */
export function ChatMenu({ title, trigger, onRename, onDelete }: ChatMenuProps) {
  const t = useTranslations('chatMenu')
  // The chosen action moves the focus itself: the menu must not take it back when it closes.
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
        <MenuItem onSelect={choose(onRename)} data-testid="chat-rename">
          <Pencil aria-hidden /> {t('rename')}
        </MenuItem>
        <MenuItem onSelect={choose(onDelete)} data-testid="chat-delete" className="text-danger">
          <Trash2 aria-hidden /> {t('delete')}
        </MenuItem>
      </MenuContent>
    </Menu>
  )
}
