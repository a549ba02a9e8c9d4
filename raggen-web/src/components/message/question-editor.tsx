'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'

import { MAX_MESSAGE_CHARS, TextLimit } from '@/components/chat/text-limit'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

type QuestionEditorProps = {
  text: string
  /** Resolves to whether it was taken; if not, the editor stays. */
  onSave: (text: string) => Promise<boolean>
  onCancel: () => void
}

/** A question, to be asked otherwise in its place. Ctrl+Enter asks, Escape gives up. */
export function QuestionEditor({ text, onSave, onCancel }: QuestionEditorProps) {
  const t = useTranslations('message')
  const field = useRef<HTMLTextAreaElement>(null)
  const noteId = useId()
  const [wanted, setWanted] = useState(text)
  const limitId = useId()
  const length = wanted.trim().length
  const sendable = length > 0 && length <= MAX_MESSAGE_CHARS

  useEffect(() => {
    const element = field.current
    element?.focus({ preventScroll: true })
    element?.setSelectionRange(element.value.length, element.value.length)
    element?.scrollIntoView({ block: 'nearest' })
  }, [])

  function save() {
    if (!sendable) return
    if (wanted.trim() === text) return onCancel()
    void onSave(wanted.trim())
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      event.preventDefault()
      onCancel()
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      save()
    }
  }

  return (
    <div className="w-full rounded-2xl border border-line-strong bg-raised p-1.5 shadow-lift focus-within:border-accent">
      <div
        className={cn(
          'grid max-h-[50dvh] overflow-y-auto px-2.5 py-1.5 text-base leading-relaxed wrap-anywhere',
          unkerned(wanted),
        )}
      >
        {/* The hidden twin gives the field its height, without measuring. */}
        <div aria-hidden className="invisible col-start-1 row-start-1 whitespace-pre-wrap">
          {`${wanted} `}
        </div>
        <textarea
          ref={field}
          rows={1}
          value={wanted}
          aria-label={t('editLabel')}
          aria-describedby={`${limitId} ${noteId}`}
          aria-invalid={length > MAX_MESSAGE_CHARS}
          data-testid="edit-input"
          onChange={(event) => setWanted(event.target.value)}
          onKeyDown={onKeyDown}
          className="col-start-1 row-start-1 resize-none overflow-hidden bg-transparent outline-none"
        />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-2 pt-1">
        <p className="min-w-0 flex-1 basis-48 px-2.5 text-xs text-muted">
          <TextLimit id={limitId} length={length} />
          <span id={noteId} className="block">
            {t('editNote')}
          </span>
        </p>
        <div className="flex gap-2">
          <Button size="small" onClick={onCancel} data-testid="edit-cancel">
            {t('editCancel')}
          </Button>
          <Button
            size="small"
            look="primary"
            aria-disabled={!sendable}
            onClick={save}
            data-testid="edit-send"
            className="aria-disabled:bg-hover aria-disabled:text-muted"
          >
            {t('editSend')}
          </Button>
        </div>
      </div>
    </div>
  )
}
