'use client'

import { useTranslations } from 'next-intl'

import type { ContextItem } from '@/chat/message'

type GoldenChoiceProps = {
  item: ContextItem
  checked: boolean
  onChange: (checked: boolean) => void
}

/** A piece of context, to be expected or not. */
export function GoldenChoice({ item, checked, onChange }: GoldenChoiceProps) {
  const t = useTranslations('context')
  return (
    <label className="-mx-2 flex cursor-pointer gap-3 rounded-lg px-2 py-2 hover:bg-hover">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        data-testid="golden-choice"
        className="mt-1 size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0 text-sm">
        <span className="line-clamp-3 wrap-anywhere">{item.text}</span>
        <span className="mt-0.5 block text-xs text-muted">
          {t(item.speaker === 'user' ? 'you' : 'assistant')}
          {item.chatTitle !== null && ` · ${t('inChat', { title: item.chatTitle })}`}
        </span>
      </span>
    </label>
  )
}
