'use client'

import { useTranslations } from 'next-intl'
import type { RefObject } from 'react'

import { useChoice } from './choice-context'
import { ModelSearch } from './model-search'
import { useChoosing } from './use-choosing'

import type { Provider } from '@/components/api/wire'
import { Dialog, DialogContent } from '@/components/ui/dialog'

type ModelSearchDialogProps = {
  /** null: closed. */
  server: Provider | null
  onClose: () => void
  opener: RefObject<HTMLElement | null>
}

/** All models of a server that has many, from the picker. */
export function ModelSearchDialog({ server, onClose, opener }: ModelSearchDialogProps) {
  const t = useTranslations('providers')
  const { selection } = useChoice()
  const { choose } = useChoosing()
  return (
    <Dialog open={server !== null} onOpenChange={(open) => !open && onClose()}>
      {server && (
        <DialogContent
          title={t('model', { name: server.name })}
          description={t('models', { count: server.models.length })}
          closeLabel={t('close')}
          className="sm:max-w-lg"
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            opener.current?.focus()
          }}
        >
          <ModelSearch
            models={server.models}
            value={selection.providerId === server.id ? (selection.model ?? '') : ''}
            label={t('model', { name: server.name })}
            onChoose={(model) => {
              onClose()
              choose({ providerId: server.id, model })
            }}
          />
        </DialogContent>
      )}
    </Dialog>
  )
}
