'use client'

import { useTranslations } from 'next-intl'

import { ServerPanel } from './server-panel'
import { useConnect } from './use-connect'
import { useFoundServers } from './use-found-servers'

import { Dialog, DialogContent } from '@/components/ui/dialog'

/** Servers, from the picker: connect, choose a model, disconnect. */
export function ServersDialog(props: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('providers')
  return (
    <Dialog open={props.open} onOpenChange={props.onOpenChange}>
      <DialogContent
        title={t('openai.name')}
        description={t('dialogDescription')}
        closeLabel={t('close')}
        className="sm:max-w-lg"
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
