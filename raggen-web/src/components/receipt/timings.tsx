'use client'

import { useFormatter, useTranslations } from 'next-intl'

import type { Receipt } from '@/components/api/wire'

/** How long an answer took: its search, its first word, all of it. One row of the facts. */
export function Timings({ timings }: { timings: Receipt['timings'] }) {
  const t = useTranslations('receipt.timings')
  const format = useFormatter()
  const inSeconds = (ms: number) =>
    t('seconds', {
      seconds: format.number(ms / 1000, {
        minimumFractionDigits: ms < 1000 ? 2 : 1,
        maximumFractionDigits: ms < 1000 ? 2 : 1,
      }),
    })
  const { retrievalMs, firstTokenMs, totalMs } = timings
  const facts = [
    t('retrieval', { time: inSeconds(retrievalMs) }),
    firstTokenMs === null ? null : t('firstToken', { time: inSeconds(firstTokenMs) }),
    totalMs === null ? null : t('total', { time: inSeconds(totalMs) }),
  ]
  return (
    <>
      <dt>{t('title')}</dt>
      <dd data-testid="receipt-timings">{facts.filter((fact) => fact !== null).join(' · ')}</dd>
    </>
  )
}
