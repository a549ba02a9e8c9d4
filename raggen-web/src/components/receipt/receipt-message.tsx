'use client'

import { useTranslations } from 'next-intl'

import { CopyButton } from '@/components/message/copy-button'

const ROLES = ['system', 'user', 'assistant'] as const

/** One message as the model got it, verbatim. */
export function ReceiptMessage({ role, content }: { role: string; content: string }) {
  const t = useTranslations('receipt')
  const known = ROLES.find((one) => one === role)
  return (
    <li
      data-testid="receipt-message"
      data-role={role}
      className="overflow-hidden rounded-xl border bg-surface"
    >
      <div className="flex h-9 items-center justify-between border-b pr-1 pl-4 text-xs">
        <span>
          <span className="font-medium">{known ? t(`role.${known}`) : role}</span>{' '}
          {known && <span className="font-mono text-muted">{role}</span>}
        </span>
        <CopyButton
          text={content}
          label={t('copyOne')}
          copiedLabel={t('copied')}
          className="size-7"
        />
      </div>
      <pre className="px-4 py-3 font-mono text-[0.8125rem] leading-relaxed wrap-anywhere whitespace-pre-wrap">
        {content}
      </pre>
    </li>
  )
}
