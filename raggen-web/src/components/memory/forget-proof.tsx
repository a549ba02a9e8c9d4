'use client'

import { useTranslations } from 'next-intl'

import type { Proof } from './memory-item'
import { ProofStep } from './proof-step'

const QUOTED = 120

function quoted(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim()
  return line.length > QUOTED ? `${line.slice(0, QUOTED)}…` : line
}

/** Of a forgotten message: each place that was looked in, and that it is not there. */
export function ForgetProof({ proof, erased }: { proof: Proof; erased: boolean }) {
  const t = useTranslations('memory.proof')
  const { item, search, outbox, receipts } = proof
  const unknown = item === 'unknown'
  return (
    <ul className="space-y-2.5 text-sm">
      <ProofStep name="item" state={unknown ? 'waiting' : item === 'absent' ? 'done' : 'left'}>
        {t(unknown ? 'itemUnknown' : item === 'absent' ? 'item' : 'itemPresent')}
      </ProofStep>
      {search !== null ? (
        <ProofStep name="search" state={search.found ? 'left' : 'done'}>
          {t(search.found ? 'searchFound' : 'search', { words: quoted(search.asked) })}
        </ProofStep>
      ) : (
        <ProofStep name="search" state={unknown ? 'waiting' : 'known'}>
          {t(unknown ? 'searchWaiting' : 'searchNone')}
        </ProofStep>
      )}
      <ProofStep name="outbox" state={outbox ? 'waiting' : 'done'}>
        {t(outbox ? 'outboxWaiting' : 'outbox')}
      </ProofStep>
      <ProofStep name="receipts" state={receipts > 0 ? 'left' : 'done'}>
        {receipts > 0 ? t('receiptsLeft', { count: receipts }) : t('receipts')}
      </ProofStep>
      <ProofStep name="chat" state={erased ? 'done' : 'known'}>
        {t(erased ? 'chatErased' : 'chatKept')}
      </ProofStep>
    </ul>
  )
}
