'use client'

import { useFormatter, useTranslations } from 'next-intl'

import { cn } from '@/components/ui/cn'

/** The longest message that the server takes, in UTF-16 units. */
export const MAX_MESSAGE_CHARS = 100_000
/** From here on the person is told how much room is left. */
const NEAR = 0.8

/** How long the text is, once that matters. */
export function TextLimit({ id, length }: { id: string; length: number }) {
  const t = useTranslations('composer')
  const format = useFormatter()
  const over = length - MAX_MESSAGE_CHARS
  if (length < MAX_MESSAGE_CHARS * NEAR) return <span id={id} />
  return (
    <span
      id={id}
      role={over > 0 ? 'alert' : undefined}
      data-testid="text-limit"
      className={cn('px-1 text-xs tabular-nums', over > 0 ? 'text-danger' : 'text-muted')}
    >
      {over > 0
        ? t('tooLong', { over: format.number(over), limit: format.number(MAX_MESSAGE_CHARS) })
        : t('length', { length: format.number(length), limit: format.number(MAX_MESSAGE_CHARS) })}
    </span>
  )
}
