import { useTranslations } from 'next-intl'

const WORDS = {
  searching: 'searching',
  writing: 'writing',
  turn: 'waitingTurn',
  retry: 'waitingRetry',
} as const

/** What is happening before the first word comes. */
export function Working({ phase }: { phase: keyof typeof WORDS }) {
  const t = useTranslations('message')
  return (
    <p className="flex items-center gap-2.5 leading-[1.65rem] text-muted">
      <span aria-hidden className="size-2 animate-breathe rounded-full bg-accent" />
      {t(WORDS[phase])}
    </p>
  )
}
