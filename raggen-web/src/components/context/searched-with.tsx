'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'

import type { EarlierTurn } from '@/chat/message'

/** So that the line stays a line: the whole of it is a click away. */
const MAX_SHOWN = 60

function clipped(text: string): string {
  const points = Array.from(text.trim().replace(/\s+/g, ' '))
  return points.length > MAX_SHOWN
    ? `${points.slice(0, MAX_SHOWN).join('').trimEnd()}…`
    : points.join('')
}

/** "And why?" finds nothing alone: which earlier message it was searched for with. */
export function SearchedWith({ earlier, chatId }: { earlier: EarlierTurn; chatId: string }) {
  const t = useTranslations('context')
  return (
    <p data-testid="context-earlier" className="text-[0.8125rem] wrap-anywhere text-muted">
      {t.rich('searchedWith', {
        text: clipped(earlier.text),
        link: (chunks) => (
          <Link
            href={`/chats/${chatId}#m-${earlier.messageId}`}
            className="rounded-sm text-accent underline decoration-accent/40 underline-offset-2 hover:decoration-current"
          >
            {chunks}
          </Link>
        ),
      })}
    </p>
  )
}
