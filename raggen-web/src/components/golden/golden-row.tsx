'use client'

import { X } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

import type { GoldenQuestion } from '@/components/api/wire'
import { IconButton } from '@/components/ui/icon-button'

type GoldenRowProps = { golden: GoldenQuestion; onRemove: () => void }

/** A golden question, with the way to it. */
export function GoldenRow({ golden, onRemove }: GoldenRowProps) {
  const t = useTranslations('golden')
  const { questionId, chatId, chatTitle, text, expected } = golden
  return (
    <li data-testid="golden-row" className="flex items-start gap-2 py-3">
      <div className="min-w-0 flex-1 text-sm">
        <Link
          href={`/chats/${chatId}#m-${questionId}`}
          className="line-clamp-2 rounded-sm wrap-anywhere hover:underline"
        >
          {text}
        </Link>
        <p className="mt-0.5 truncate text-xs text-muted">
          {t('mustFind', { count: expected.length })} · {t('inChat', { title: chatTitle })}
        </p>
      </div>
      <IconButton
        label={t('remove', { text: text.slice(0, 60) })}
        data-testid="golden-remove"
        onClick={onRemove}
        className="-mr-2"
      >
        <X aria-hidden />
      </IconButton>
    </li>
  )
}
