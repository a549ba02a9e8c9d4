'use client'

import { SlidersHorizontal } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { PreviewView } from './preview-view'
import { usePreviewRequest } from './use-preview-request'

import type { ChatSettings } from '@/chat/settings'
import { useFailure } from '@/components/api/use-failure'
import { ChatSettingsForm } from '@/components/settings/chat-settings-form'
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

/** What would be sent, before it is sent: send it, change the settings, or leave it. */
export function PreviewDialog(props: PreviewDialogProps) {
  const { chatId, isNew, text, parentId, settings, onSend, onCancel } = props
  const t = useTranslations('preview')
  const explain = useFailure()
  const [changing, setChanging] = useState(false)
  const { prompt, failure, retry } = usePreviewRequest(chatId, {
    text,
    parentId,
    settings,
    context: 'fresh',
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onCancel()}>
      <DialogContent
        title={t(changing ? 'changeTitle' : 'title')}
        description={t(changing ? 'changeDescription' : 'description')}
        closeLabel={t('cancel')}
        data-testid="preview"
      >
        {changing ? (
          <ChatSettingsForm chatId={chatId} isNew={isNew} lastLineStays={false} />
        ) : (
          <div className="min-h-40" aria-busy={prompt === null && failure === null}>
            {failure !== null && (
              <div role="alert" className="space-y-3 text-sm">
                <p>
                  <span className="font-medium">{t('failed')}</span> {explain(failure)}
                </p>
                <Button size="small" onClick={retry}>
                  {t('retry')}
                </Button>
              </div>
            )}
            {failure === null && prompt === null && <p className="text-muted">{t('loading')}</p>}
            {prompt && <PreviewView prompt={prompt} chatId={chatId} />}
          </div>
        )}
        <div className="sticky -bottom-4 -mx-5 mt-5 -mb-4 flex flex-wrap items-center justify-end gap-2 border-t bg-canvas px-5 py-3 sm:rounded-b-2xl">
          <Button
            look="quiet"
            data-testid="preview-settings"
            onClick={() => setChanging(!changing)}
            className="mr-auto"
          >
            <SlidersHorizontal aria-hidden />
            {t(changing ? 'back' : 'change')}
          </Button>
          <Button onClick={onCancel} data-testid="preview-cancel">
            {t('cancel')}
          </Button>
          {!changing && (
            <Button look="primary" onClick={onSend} data-testid="preview-send">
              {t(failure === null ? 'send' : 'sendAnyway')}
            </Button>
          )}
        </div>
      </DialogContent>
    </Dialog>
  )
}
