'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useId, useRef, useState } from 'react'

import { useChatList } from './chat-list-context'

import type { ChatSummary } from '@/components/api/wire'

const TITLE_MAX = 200

/** The title becomes a field: Enter or leaving it saves, Escape gives up. */
export function RenameChat({ chat, onDone }: { chat: ChatSummary; onDone: () => void }) {
  const t = useTranslations('chatMenu')
  const { change } = useChatList()
  const [title, setTitle] = useState(chat.title)
  const [failed, setFailed] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const errorId = useId()

  useEffect(() => {
    field.current?.select()
  }, [])

  async function save() {
    const wanted = title.trim()
    if (!wanted || wanted === chat.title) return onDone()
    try {
      await change(chat.id, { title: wanted })
      onDone()
    } catch {
      setFailed(true)
      field.current?.focus()
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <input
        ref={field}
        autoFocus
        value={title}
        maxLength={TITLE_MAX}
        aria-label={t('renameLabel')}
        aria-invalid={failed}
        aria-describedby={failed ? errorId : undefined}
        data-testid="chat-rename-input"
        onChange={(event) => setTitle(event.target.value)}
        onBlur={() => !failed && void save()}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          onDone()
        }}
        className="h-9 w-full rounded-lg bg-raised px-3 text-sm ring-2 ring-accent outline-none ring-inset"
      />
      {failed && (
        <p id={errorId} role="alert" className="px-3 py-1 text-xs text-danger">
          {t('renameFailed')}
        </p>
      )}
    </form>
  )
}
