'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'
import { IconButton } from '@/components/ui/icon-button'

/** What this chat does otherwise than the defaults say. `isNew`: the server does not know it yet. */
export function ChatSettingsPanel(_: { chatId: string; isNew: boolean }) {
  const t = useTranslations('settings')
  return (
    <Dialog>
      <DialogTrigger asChild>
        <IconButton label={t('openChat')} data-testid="chat-settings-open">
          <SlidersHorizontal aria-hidden />
        </IconButton>
      </DialogTrigger>
      <DialogContent
        title={t('chatTitle')}
        description={t('chatDescription')}
        closeLabel={t('close')}
        data-testid="chat-settings"
      >
        {null}
      </DialogContent>
    </Dialog>
  )
}
