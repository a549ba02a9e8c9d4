'use client'

import { useTranslations } from 'next-intl'

import type { ChatSettings } from '@/chat/settings'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'

type PreviewDialogProps = {
  chatId: string
  isNew: boolean
  text: string
  /** undefined: under the chat's last message. */
  parentId: string | null | undefined
  /** The chat's own settings, as chosen in this tab. */
  settings: ChatSettings | null
  onSend: () => void
  onCancel: () => void
}

/** What would be sent, before it is sent. */
export function PreviewDialog({ onSend, onCancel }: PreviewDialogProps) {
  const t = useTranslations('preview')
  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()}>
      <DialogContent
        title={t('title')}
        description={t('description')}
        closeLabel={t('cancel')}
        data-testid="preview"
      >
        <Button look="primary" onClick={onSend} data-testid="preview-send">
          {t('send')}
        </Button>
      </DialogContent>
    </Dialog>
  )
}
