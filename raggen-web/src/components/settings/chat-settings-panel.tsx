'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { ChatSettingsForm } from './chat-settings-form'
import { countOwn } from './layer'
import { useChatSettings } from './use-chat-settings'

import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'

type ChatSettingsPanelProps = {
  chatId: string
  /** The server does not know the chat yet. */
  isNew: boolean
}

/** A button that opens what this chat does otherwise than the defaults say. */
export function ChatSettingsPanel({ chatId, isNew }: ChatSettingsPanelProps) {
  const t = useTranslations('settings')
  const { own } = useChatSettings(chatId, isNew)
  const count = own ? countOwn(own) : 0
  return (
    <Dialog>
      <DialogTrigger asChild>
        <IconButton
          label={count > 0 ? t('openChatOwn', { count }) : t('openChat')}
          data-testid="chat-settings-open"
          data-count={count}
          className="relative"
        >
          <SlidersHorizontal aria-hidden />
          {count > 0 && (
            <span aria-hidden className="absolute top-1 right-1 size-2 rounded-full bg-accent" />
          )}
        </IconButton>
      </DialogTrigger>
      <DialogContent
        title={t('chatTitle')}
        description={t('chatDescription')}
        closeLabel={t('close')}
        data-testid="chat-settings"
      >
        <ChatSettingsForm chatId={chatId} isNew={isNew} />
      </DialogContent>
    </Dialog>
  )
}
