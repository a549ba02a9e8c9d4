'use client'

import { useTranslations } from 'next-intl'
import type { ReactElement } from 'react'

import { ReceiptView } from './receipt-view'
import { useReceipt } from './use-receipt'

import { Button } from '@/components/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@/components/ui/dialog'

/** "What the model received": the receipt that was stored with the answer. `children` opens it. */
export function ReceiptDialog(props: { messageId: string; children: ReactElement }) {
  const t = useTranslations('receipt')
  const stored = useReceipt(props.messageId)
  return (
    <Dialog onOpenChange={(open) => open && stored.load()}>
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
          {stored.state === 'ready' && <ReceiptView receipt={stored.receipt} />}
        </div>
      </DialogContent>
    </Dialog>
  )
}
