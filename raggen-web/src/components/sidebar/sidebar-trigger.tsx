'use client'

import { PanelLeft } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'

import { Button } from '@/components/ui/button'

/** Opens the drawer on a phone; a desktop shows the sidebar anyway. */
export function SidebarTrigger() {
  const t = useTranslations('sidebar')
  return (
    <Dialog.Trigger asChild>
      <Button
        look="quiet"
        aria-label={t('open')}
        data-testid="sidebar-open"
        className="size-9 md:hidden"
      >
        <PanelLeft aria-hidden className="size-5!" />
      </Button>
    </Dialog.Trigger>
  )
}
