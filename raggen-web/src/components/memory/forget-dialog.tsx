'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import type { MemoryItem } from './memory-item'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'

const QUOTED = 300

type ForgetDialogProps = {
  items: MemoryItem[]
  /** Whether the box for the chat is ticked at first. */
  eraseFromChat: boolean
  onForget: (eraseFromChat: boolean) => Promise<void>
  onClose: () => void
}

/** Asks before forgetting, which cannot be undone, and whether the chat should lose the words too. */
export function ForgetDialog({ items, onForget, onClose, ...props }: ForgetDialogProps) {
  const t = useTranslations('memory')
  const explain = useFailure()
  const [eraseFromChat, setEraseFromChat] = useState(props.eraseFromChat)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const count = items.length
  const text = count === 1 ? (items[0]?.text ?? '') : ''

  async function forget() {
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      await onForget(eraseFromChat)
    } catch (error) {
      setFailure(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('forgetTitle', { count })}
        description={t('forgetBody', { count })}
        closeLabel={t('close')}
        role="alertdialog"
        className="sm:max-w-lg"
      >
        {text !== '' && (
          <blockquote className="mb-4 line-clamp-4 border-l-2 border-line-strong pl-3 text-[0.9375rem] wrap-anywhere">
            {text.slice(0, QUOTED)}
          </blockquote>
        )}
        <div className="flex gap-3">
          <input
            id="memory-erase-chat"
            type="checkbox"
            checked={eraseFromChat}
            onChange={(event) => setEraseFromChat(event.target.checked)}
            aria-describedby="memory-erase-note"
            data-testid="memory-erase-chat"
            className="mt-0.5 size-4 shrink-0 cursor-pointer accent-accent"
          />
          <div className="min-w-0 text-sm">
            <label htmlFor="memory-erase-chat" className="cursor-pointer font-medium">
              {t('eraseFromChat', { count })}
            </label>
            <p id="memory-erase-note" className="mt-0.5 text-muted">
              {t('eraseNote')}
            </p>
          </div>
        </div>
        {failure !== null && (
          <p role="alert" className="mt-3 text-sm text-danger">
            {failure}
          </p>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="danger"
            aria-disabled={busy}
            onClick={() => void forget()}
            data-testid="memory-forget-confirm"
          >
            {busy ? t('forgetting') : t('forgetConfirm', { count })}
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
