'use client'

import { useTranslations } from 'next-intl'
import { useState, type RefObject } from 'react'

import { useChosenKind } from './choice-context'
import { KindTabs } from './kind-tabs'
import { ServerPanel } from './server-panel'
import { useConnect } from './use-connect'
import { useFoundServers } from './use-found-servers'

import type { ServerKind } from '@/components/api/wire'
import { Dialog, DialogContent } from '@/components/ui/dialog'

type ServersDialogProps = {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** Where the focus goes when the dialog closes: the menu item that opened it is gone by then. */
  opener: RefObject<HTMLElement | null>
}

/** Servers, from the picker: connect, choose a model, change, check, disconnect. */
export function ServersDialog(props: ServersDialogProps) {
  const t = useTranslations('providers')
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent
        title={t('dialogTitle')}
        description={t('dialogDescription')}
        closeLabel={t('close')}
        className="sm:max-w-xl"
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
  const selected = useChosenKind()
  const [kind, setKind] = useState<ServerKind>(
    selected === 'quotations' || selected === 'local' ? 'openai' : selected,
  )
  const connecting = useConnect()
  const found = useFoundServers()
  return (
    <>
      <KindTabs kind={kind} onChange={setKind} />
      <div className="mt-4">
        <ServerPanel key={kind} kind={kind} connecting={connecting} found={found} />
      </div>
    </>
  )
}
