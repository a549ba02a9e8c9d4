'use client'

import { useFormatter, useTranslations } from 'next-intl'

import { PARTS, sharesOf } from './token-shares'

import type { Prompt } from '@/components/api/wire'
import { cn } from '@/components/ui/cn'

const COLOURS = {
  instructions: 'bg-muted',
  context: 'bg-accent',
  history: 'bg-line-strong',
  question: 'bg-caution',
} as const satisfies Record<(typeof PARTS)[number], string>

type TokenBarProps = {
  prompt: Pick<Prompt, 'parts' | 'windowTokens' | 'answerTokens' | 'countedBy' | 'leftOut'>
}

/** How a prompt shares the model's window: a bar, and the figures beside their names. */
export function TokenBar({ prompt }: TokenBarProps) {
  const t = useTranslations('receipt')
  const format = useFormatter()
  const { parts, windowTokens, answerTokens, countedBy, leftOut } = prompt
  if (!parts) return null
  const { total, percentOf } = sharesOf(parts, windowTokens)
  return (
    <section aria-labelledby="token-bar" data-testid="token-bar" className="mt-5">
      <h3 id="token-bar" className="text-sm font-semibold">
        {windowTokens === null
          ? t('parts.title', { total })
          : t('parts.titleOf', { total, window: windowTokens })}
      </h3>
      <div aria-hidden className="mt-2 flex h-2.5 gap-px overflow-hidden rounded-full bg-hover">
        {PARTS.map((part) => (
          <span
            key={part}
            className={COLOURS[part]}
            style={{ width: `${percentOf(parts[part])}%` }}
          />
        ))}
      </div>
      <dl className="mt-2.5 grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] gap-x-4 gap-y-1.5 text-[0.8125rem]">
        {PARTS.map((part) => (
          <div key={part} data-testid={`tokens-${part}`} className="flex items-baseline gap-1.5">
            <span
              aria-hidden
              className={cn('size-2 shrink-0 self-center rounded-full', COLOURS[part])}
            />
            <dt className="text-muted">{t(`parts.${part}`)}</dt>
            <dd className="ml-auto tabular-nums">{format.number(parts[part])}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-xs text-muted">
        {countedBy && t(`parts.${countedBy}`)}{' '}
        {answerTokens !== null && t('parts.reserve', { count: answerTokens })}
      </p>
      {leftOut && (
        <p data-testid="left-out" className="mt-2 text-[0.8125rem] text-caution">
          {t('leftOut', leftOut)}
        </p>
      )}
    </section>
  )
}
