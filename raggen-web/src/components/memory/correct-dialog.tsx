'use client'

import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'

import type { MemoryItem } from './memory-item'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { Dialog, DialogContent } from '@/components/ui/dialog'
import { unkerned } from '@/components/ui/unkerned'

/** As long as a message may be. */
const MAX_CHARS = 100_000

type CorrectDialogProps = {
  item: MemoryItem
  onSave: (text: string | null) => Promise<void>
  onClose: () => void
}

/** Says what memory should hold of a message; the chat keeps what was said. A failure keeps what was typed. */
export function CorrectDialog({ item, onSave, onClose }: CorrectDialogProps) {
  const t = useTranslations('memory')
  const explain = useFailure()
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(item.text)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const tooLong = text.length > MAX_CHARS

  async function save() {
    if (busy) return
    if (text.trim() === '') return setFailure(t('correctEmpty'))
    if (tooLong) return setFailure(t('correctTooLong'))
    setBusy(true)
    setFailure(null)
    try {
      await onSave(text.trim() === item.said.trim() ? null : text)
      onClose()
    } catch (error) {
      setFailure(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('correctTitle')}
        description={t('correctBody')}
        closeLabel={t('close')}
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          field.current?.focus()
        }}
      >
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <label htmlFor="memory-correction" className="text-[0.8125rem] font-medium">
            {t('correctLabel')}
          </label>
          <textarea
            ref={field}
            id="memory-correction"
            value={text}
            rows={Math.min(10, Math.max(3, text.split('\n').length + 1))}
            aria-invalid={failure !== null}
            aria-describedby={failure === null ? undefined : 'memory-correction-failure'}
            data-testid="memory-correction"
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault()
                void save()
              }
            }}
            className={cn(
              'mt-1 w-full resize-y rounded-lg border border-line-strong bg-raised px-3 py-2 text-base leading-relaxed aria-invalid:border-danger sm:text-[0.9375rem]',
              unkerned(text),
            )}
          />
          {failure !== null && (
            <p id="memory-correction-failure" role="alert" className="mt-1 text-sm text-danger">
              {failure}
            </p>
          )}
          {text !== item.said && (
            <p className="mt-2 line-clamp-4 text-[0.8125rem] wrap-anywhere text-muted">
              {t(item.speaker === 'user' ? 'said' : 'saidAnswer', {
                text: item.said.slice(0, 1_000),
              })}
            </p>
          )}
          <div className="mt-4 flex flex-wrap justify-end gap-2">
            {text !== item.said && (
              <Button
                look="quiet"
                onClick={() => setText(item.said)}
                data-testid="memory-as-said"
                className="mr-auto -ml-3.5"
              >
                {t('asSaid')}
              </Button>
            )}
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button type="submit" look="primary" aria-disabled={busy} data-testid="memory-save">
              {t(busy ? 'saving' : 'save')}
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  )
}
