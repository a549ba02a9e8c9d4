'use client'

import { useTranslations } from 'next-intl'
import { useState, type ReactElement } from 'react'

import { ReceiptActions } from './receipt-actions'
import { ReceiptView } from './receipt-view'
import { useReceipt } from './use-receipt'

import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'

/** "What the model received": the receipt that was stored with the answer. `children` opens it. */
export function ReceiptDialog(props: { messageId: string; children: ReactElement }) {
  const t = useTranslations('receipt')
  const [open, setOpen] = useState(false)
  const stored = useReceipt(props.messageId)
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setOpen(next)
        if (next) stored.load()
      }}
    >
      <DialogTrigger asChild>{props.children}</DialogTrigger>
      <DialogContent
        title={t('title')}
        description={t('description')}
        closeLabel={t('close')}
        data-testid="receipt"
      >
        <div className="min-h-40" aria-busy={stored.state === 'loading'}>
          {stored.state === 'loading' && <p className="text-muted">{t('loading')}</p>}
          {stored.state === 'missing' && <p className="text-muted">{t('missing')}</p>}
          {stored.state === 'failed' && (
            <div role="alert">
              <p>{t('failed')}</p>
              <Button size="small" className="mt-3" onClick={stored.load}>
                {t('retry')}
              </Button>
            </div>
          )}
          {stored.state === 'ready' && (
            <>
              <ReceiptView receipt={stored.receipt} />
              <div className="sticky -bottom-4 -mx-5 mt-5 -mb-4 border-t bg-canvas px-5 py-2.5 sm:rounded-b-2xl">
                <ReceiptActions
                  receipt={stored.receipt}
                  answerId={props.messageId}
                  onAsked={() => setOpen(false)}
                />
              </div>
            </>
          )}
        </div>
      </DialogContent>
    </Dialog>
  )
}
