'use client'

import { ArrowUp, Square } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useId, useRef, type KeyboardEvent, type RefObject } from 'react'

import { UnsentNotice } from './unsent-notice'
import { useDraft } from './use-draft'
import { useGrowingHeight } from './use-growing-height'

import type { RequestError } from '@/components/api/request'
import { Button } from '@/components/ui/button'

type ComposerProps = {
  /** Under which name the draft is kept. */
  draftName: string
  busy: boolean
  field: RefObject<HTMLTextAreaElement | null>
  /** The last attempt failed for this reason; its text is back in the field. */
  failure: RequestError | null
  /** Resolves to whether the server took it. */
  onSend: (text: string) => Promise<boolean>
  onStop: () => void
}

/** On a phone Enter is the only way to a new line; sending has a button there. */
const isTouchOnly = () => window.matchMedia('(hover: none) and (pointer: coarse)').matches

/** Where the person writes. Enter sends, Shift+Enter starts a line, Escape stops the answer. */
export function Composer({ draftName, busy, field, failure, onSend, onStop }: ComposerProps) {
  const t = useTranslations('composer')
  const draft = useDraft(draftName)
  const hintId = useId()
  const focusField = useRef(() => field.current?.focus())
  const sendable = draft.text.trim() !== '' && !busy
  useGrowingHeight(field, draft.text)

  useEffect(() => {
    if (!isTouchOnly()) focusField.current()
  }, [])

  async function submit() {
    if (!sendable) return
    const text = draft.text.trim()
    draft.hold()
    field.current?.focus()
    if (await onSend(text)) draft.discard()
    else draft.restore(text)
  }

  function onKeyDown(event: KeyboardEvent) {
    // While an input method composes a character, Enter chooses it.
    if (event.nativeEvent.isComposing) return
    if (event.key !== 'Enter' || event.shiftKey || isTouchOnly()) return
    event.preventDefault()
    void submit()
  }

  return (
    <form
      className="mx-auto w-full max-w-3xl px-4"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {failure && <UnsentNotice failure={failure} onRetry={() => void submit()} />}
      <div className="flex items-end gap-2 rounded-2xl border border-line-strong bg-raised p-1.5 pl-4 shadow-lift transition-colors focus-within:border-accent">
        <textarea
          ref={field}
          rows={1}
          value={draft.text}
          placeholder={t('placeholder')}
          aria-label={t('label')}
          aria-describedby={hintId}
          enterKeyHint="enter"
          data-testid="composer-input"
          onChange={(event) => draft.change(event.target.value)}
          onKeyDown={onKeyDown}
          className="max-h-[40dvh] min-h-9 flex-1 resize-none bg-transparent py-1.5 text-base leading-6 outline-none placeholder:text-muted"
        />
        {busy ? (
          <Button
            look="primary"
            aria-label={t('stop')}
            data-testid="composer-stop"
            onClick={onStop}
            className="size-9 rounded-xl"
          >
            <Square aria-hidden className="size-3.5! fill-current" />
          </Button>
        ) : (
          <Button
            type="submit"
            look="primary"
            aria-label={t('send')}
            aria-disabled={!sendable}
            data-testid="composer-send"
            className="size-9 rounded-xl aria-disabled:bg-hover aria-disabled:text-muted"
          >
            <ArrowUp aria-hidden className="size-5!" />
          </Button>
        )}
      </div>
      <p id={hintId} className="hidden pt-1.5 text-center text-xs text-muted sm:pointer-fine:block">
        {t('hint')}
      </p>
    </form>
  )
}
