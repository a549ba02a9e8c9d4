'use client'

import { useTranslations } from 'next-intl'
import type { RefObject } from 'react'

import { ServerPanel } from './server-panel'
import { useConnect } from './use-connect'
import { useFoundServers } from './use-found-servers'

import { Dialog, DialogContent } from '@/components/ui/dialog'

type ServersDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Where the focus goes when the dialog closes: the menu item that opened it is gone by then. */
  opener: RefObject<HTMLElement | null>
}

/** Servers, from the picker: connect, choose a model, disconnect. */
export function ServersDialog(props: ServersDialogProps) {
  const t = useTranslations('providers')
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent
        title={t('openai.name')}
        description={t('dialogDescription')}
        closeLabel={t('close')}
        className="sm:max-w-lg"
        onCloseAutoFocus={(event) => {
          event.preventDefault()
          props.opener.current?.focus()
        }}
      >
        <Servers />
      </DialogContent>
    </Dialog>
  )
}

/** Mounted with the open dialog only: looking for servers knocks on ports. */
function Servers() {
  return <ServerPanel connecting={useConnect()} found={useFoundServers()} />
}
