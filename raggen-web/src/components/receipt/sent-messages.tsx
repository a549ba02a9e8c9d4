'use client'

import { useTranslations } from 'next-intl'

import { ReceiptMessage } from './receipt-message'

import type { SentMessage } from '@/components/api/wire'

/** The messages as the model gets them, word for word, in order. */
export function SentMessages({ messages }: { messages: SentMessage[] }) {
  const t = useTranslations('receipt')
  return (
    <section className="mt-5" aria-labelledby="sent-messages">
      <h3 id="sent-messages" className="text-sm font-semibold">
        {t('messages', { count: messages.length })}
      </h3>
      <ol className="mt-2 space-y-2.5">
        {messages.map((message, index) => (
          <ReceiptMessage key={index} {...message} />
        ))}
      </ol>
    </section>
  )
}
