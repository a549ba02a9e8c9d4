'use client'

import { FileText } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { CopyButton } from './copy-button'
import { RegenerateMenu } from './regenerate-menu'
import { useAnswererName } from './use-answerer-name'
import { VersionSwitch } from './version-switch'

import type { ChatMessage } from '@/chat/message'
import { siblingsOf } from '@/components/chat/siblings'
import { GoldenDialog } from '@/components/golden/golden-dialog'
import { AnswerThumbs } from '@/components/ratings/answer-thumbs'
import { ReceiptDialog } from '@/components/receipt/receipt-dialog'
import { Moment } from '@/components/time/moment'
import { IconButton } from '@/components/ui/icon-button'

/** Quiet actions of an answer, and who gave it when. */
export function AnswerToolbar({ message, text }: { message: ChatMessage; text: string }) {
  const t = useTranslations()
  const nameOf = useAnswererName()
  const { createdAt, provider, model } = message.metadata ?? {}
  return (
    <div className="-ml-2 flex min-h-8 flex-wrap items-center gap-x-0.5 text-xs text-muted">
      <VersionSwitch messageId={message.id} siblings={siblingsOf(message)} />
      {text && (
        <CopyButton text={text} label={t('message.copy')} copiedLabel={t('message.copied')} />
      )}
      <RegenerateMenu answerId={message.id} />
      <ReceiptDialog messageId={message.id}>
        <IconButton label={t('receipt.open')} data-testid="receipt-open">
          <FileText aria-hidden />
        </IconButton>
      </ReceiptDialog>
      <AnswerThumbs answer={message} />
      <GoldenDialog answer={message} />
      <p className="ml-1.5 flex min-w-0 items-center gap-1.5">
        {provider && <span className="truncate">{nameOf(provider, model)}</span>}
        {provider && createdAt && <span aria-hidden>·</span>}
        {createdAt && <Moment at={createdAt} style="time" />}
      </p>
    </div>
  )
}
