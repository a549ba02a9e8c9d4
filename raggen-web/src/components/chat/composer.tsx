'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react'

import { ComposerBar } from './composer-bar'
import { MAX_MESSAGE_CHARS, TextLimit } from './text-limit'
import { UnsentNotice } from './unsent-notice'
import { useDraft } from './use-draft'
import { useGrowingHeight } from './use-growing-height'

import type { RequestError } from '@/components/api/request'
import { cn } from '@/components/ui/cn'
import { unkerned } from '@/components/ui/unkerned'

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
  /** The person wants to change what was asked last. */
  onEditLast: () => void
  tools: ReactNode
}

/** On a phone Enter is the only way to a new line; sending has a button there. */
const isTouchOnly = () => window.matchMedia('(hover: none) and (pointer: coarse)').matches

/** Where the person writes. Enter sends, Shift+Enter starts a line, ↑ edits what was asked last. */
export function Composer(props: ComposerProps) {
  const { draftName, busy, field, failure, onSend, onStop, onEditLast, tools } = props
  const t = useTranslations('composer')
  const draft = useDraft(draftName)
  const hintId = useId()
  const limitId = useId()
  const awake = useRef(() => {
    draft.adopt(field.current?.value ?? '')
    if (!isTouchOnly()) field.current?.focus()
  })
  const tooLong = draft.text.trim().length > MAX_MESSAGE_CHARS
  const sendable = draft.text.trim() !== '' && !busy && !tooLong
  useGrowingHeight(field, draft.text)

  useEffect(() => awake.current(), [])

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
    if (event.key === 'ArrowUp' && draft.text === '' && !event.altKey) {
      event.preventDefault()
      onEditLast()
    }
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
      {failure && draft.text.trim() !== '' && (
        <UnsentNotice failure={failure} onRetry={() => void submit()} />
      )}
      <div className="rounded-2xl border border-line-strong bg-raised shadow-lift transition-colors focus-within:border-accent">
        <textarea
          ref={field}
          rows={1}
          value={draft.text}
          placeholder={t('placeholder')}
          aria-label={t('label')}
          aria-describedby={`${limitId} ${hintId}`}
          aria-invalid={tooLong}
          enterKeyHint="enter"
          data-testid="composer-input"
          onChange={(event) => draft.change(event.target.value)}
          onKeyDown={onKeyDown}
          className={cn(
            'block max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-4 pt-3 pb-1 text-base leading-6 outline-none placeholder:text-muted',
            unkerned(draft.text),
          )}
        />
        <ComposerBar tools={tools} busy={busy} sendable={sendable} onStop={onStop}>
          <TextLimit id={limitId} length={draft.text.trim().length} />
        </ComposerBar>
      </div>
      <p id={hintId} className="hidden pt-1.5 text-center text-xs text-muted sm:pointer-fine:block">
        {t('hint')}
      </p>
    </form>
  )
}
