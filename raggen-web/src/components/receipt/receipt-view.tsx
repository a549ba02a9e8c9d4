'use client'

import { useTranslations } from 'next-intl'

import { PromptFacts } from './prompt-facts'
import { SentMessages } from './sent-messages'
import { Timings } from './timings'
import { TokenBar } from './token-bar'

import type { Receipt } from '@/components/api/wire'
import { Moment } from '@/components/time/moment'

/** The facts of a receipt, how it shared the model's window, then the messages word for word. */
export function ReceiptView({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('receipt')
  const { messages, tokens, parts, origin } = receipt
  return (
    <>
      <PromptFacts prompt={receipt}>
        {messages.length > 0 && tokens !== null && !parts && (
          <>
            <dt>{t('tokens')}</dt>
            <dd>{t('tokensAbout', { count: tokens })}</dd>
          </>
        )}
        <dt>{t('origin.title')}</dt>
        <dd data-testid="receipt-origin">{t(`origin.${origin}`)}</dd>
        <dt>{t('time')}</dt>
        <dd>
          <Moment at={receipt.createdAt} style="full" />
        </dd>
        <Timings timings={receipt.timings} />
      </PromptFacts>
      {messages.length === 0 ? (
        <p className="mt-5 rounded-xl bg-surface px-4 py-3 text-sm">{t('noModel')}</p>
      ) : (
        <>
          <TokenBar prompt={receipt} />
          <SentMessages messages={messages} />
        </>
      )}
    </>
  )
}
