'use client'

import { useTranslations } from 'next-intl'

import { ReceiptMessage } from './receipt-message'

import type { Receipt } from '@/components/api/wire'
import { CopyButton } from '@/components/message/copy-button'
import { useAnswererName } from '@/components/message/use-answerer-name'
import { useProviders } from '@/components/providers/providers-context'
import { Moment } from '@/components/time/moment'

const written = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

/** The facts of a receipt, then the messages word for word. */
export function ReceiptView({ receipt }: { receipt: Receipt }) {
  const t = useTranslations('receipt')
  const nameOf = useAnswererName()
  const { providers } = useProviders()
  const server = providers?.find(({ id, kind }) => kind === 'openai' && id === receipt.provider)
  const { messages, model, tokens } = receipt
  const parameters = Object.entries(receipt.parameters)
  return (
    <>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-1.5 text-sm [&>dd]:wrap-anywhere [&>dt]:text-muted">
        <dt>{t('provider')}</dt>
        <dd>{server?.name ?? nameOf(receipt.provider, model)}</dd>
        {model && receipt.provider !== 'quotations' && (
          <>
            <dt>{t('model')}</dt>
            <dd className="font-mono text-[0.8125rem]">{model}</dd>
          </>
        )}
        {messages.length > 0 && tokens !== null && (
          <>
            <dt>{t('tokens')}</dt>
            <dd>{t('tokensAbout', { count: tokens })}</dd>
          </>
        )}
        {parameters.map(([name, value]) => (
          <ParameterRow key={name} name={name} value={written(value)} />
        ))}
        <dt>{t('time')}</dt>
        <dd>
          <Moment at={receipt.createdAt} style="full" />
        </dd>
      </dl>
      {messages.length === 0 ? (
        <p className="mt-5 rounded-xl bg-surface px-4 py-3 text-sm">{t('noModel')}</p>
      ) : (
        <section className="mt-5" aria-labelledby="receipt-messages">
          <div className="flex items-center justify-between">
            <h3 id="receipt-messages" className="text-sm font-semibold">
              {t('messages', { count: messages.length })}
            </h3>
            <CopyButton
              text={JSON.stringify(messages, null, 2)}
              label={t('copy')}
              copiedLabel={t('copied')}
            />
          </div>
          <ol className="mt-2 space-y-2.5">
            {messages.map((message, index) => (
              <ReceiptMessage key={index} {...message} />
            ))}
          </ol>
        </section>
      )}
    </>
  )
}

function ParameterRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="font-mono text-[0.8125rem]">{name}</dt>
      <dd className="font-mono text-[0.8125rem]">{value}</dd>
    </>
  )
}
