'use client'

import { useFormatter, useTranslations } from 'next-intl'

import { ForgetProof } from './forget-proof'
import { ProofStep } from './proof-step'
import { useProofs, type Forgotten } from './use-proofs'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'
import { Dialog, DialogContent } from '@/components/ui/dialog'

type ProofDialogProps = {
  forgotten: Forgotten[]
  /** Their words are gone from the chats too. */
  erased: boolean
  onClose: () => void
}

/** Looks for what is left of forgotten messages, and shows that it is nothing. */
export function ProofDialog({ forgotten, erased, onClose }: ProofDialogProps) {
  const t = useTranslations('memory')
  const format = useFormatter()
  const explain = useFailure()
  const { proofs, gone, looking, failure, again } = useProofs(forgotten)
  const [only] = forgotten.length === 1 ? [...proofs.values()] : []
  const provedGone = [...proofs.values()].filter((proof) => proof.gone).length
  const left = [...proofs.values()].some(
    ({ item, search, receipts }) => item === 'present' || search?.found || receipts > 0,
  )
  const body = gone ? 'goneBody' : left ? 'leftBody' : 'waitingBody'
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('proof.title')}
        description={proofs.size === 0 ? t('proof.checking') : t(`proof.${body}`)}
        closeLabel={t('close')}
        data-testid="memory-proof"
        data-gone={gone}
      >
        <div role="status">
          {only && <ForgetProof proof={only} erased={erased} />}
          {forgotten.length > 1 && (
            <ul className="text-sm">
              <ProofStep name="many" state={gone ? 'done' : 'waiting'}>
                {t('proof.many', { gone: format.number(provedGone), count: forgotten.length })}
              </ProofStep>
            </ul>
          )}
        </div>
        {failure !== null && (
          <p role="alert" className="mt-3 text-sm text-danger">
            {t('proof.failed', { reason: explain(failure) })}
          </p>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          {!gone && (
            <Button onClick={again} aria-disabled={looking} data-testid="memory-proof-again">
              {t('proof.again')}
            </Button>
          )}
          <Button look="primary" onClick={onClose} data-testid="memory-proof-close">
            {t('close')}
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  )
}
