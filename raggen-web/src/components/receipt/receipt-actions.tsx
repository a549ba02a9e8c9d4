'use client'

import { RotateCcw, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { Receipt } from '@/components/api/wire'
import { useAnswerActions, type AnswerContext } from '@/components/chat/answer-actions-context'
import { CopyButton } from '@/components/message/copy-button'
import { Button } from '@/components/ui/button'

type ReceiptActionsProps = {
  receipt: Receipt
  answerId: string
  /** Another answer has been asked for: the dialog has done its work. */
  onAsked: () => void
}

/** Copy a receipt, or ask again: with what this answer stood on, or with nothing. */
export function ReceiptActions({ receipt, answerId, onAsked }: ReceiptActionsProps) {
  const t = useTranslations('receipt')
  const actions = useAnswerActions()

  function ask(context: AnswerContext) {
    actions?.regenerate(answerId, context)
    onAsked()
  }

  return (
    <div className="flex flex-wrap items-center gap-2">
      {actions && (
        <>
          {receipt.memory.state === 'used' && (
            <Button
              size="small"
              disabled={actions.busy}
              data-testid="receipt-same-context"
              onClick={() => ask('same')}
            >
              <RotateCcw aria-hidden className="size-3.5!" />
              {t('askSame')}
            </Button>
          )}
          <Button
            size="small"
            disabled={actions.busy}
            data-testid="receipt-without-context"
            onClick={() => ask('none')}
          >
            <Unplug aria-hidden className="size-3.5!" />
            {t('askWithout')}
          </Button>
        </>
      )}
      <span className="ml-auto inline-flex items-center text-[0.8125rem] text-muted">
        <CopyButton
          text={JSON.stringify(receipt, null, 2)}
          label={t('copy')}
          copiedLabel={t('copied')}
        />
      </span>
    </div>
  )
}
