'use client'

import { PanelLeft, X } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import { useState } from 'react'

import { Sidebar } from './sidebar'

import { Button } from '@/components/ui/button'

/** The sidebar on a phone: a drawer that closes when a chat was chosen. */
export function SidebarDrawer() {
  const t = useTranslations('sidebar')
  const pathname = usePathname()
  const [openAt, setOpenAt] = useState<string | null>(null)
  return (
    // Open only at the address where it was opened: going anywhere closes it.
    <Dialog.Root
      open={openAt === pathname}
      onOpenChange={(open) => setOpenAt(open ? pathname : null)}
    >
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
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-appear" />
        <Dialog.Content
          aria-describedby={undefined}
          onClick={(event) => {
            // The link to the page that is already shown changes no address.
            if (event.target instanceof Element && event.target.closest('a')) setOpenAt(null)
          }}
          className="fixed inset-y-0 left-0 z-50 w-[min(20rem,86vw)] border-r shadow-float"
        >
          <Dialog.Title className="sr-only">{t('label')}</Dialog.Title>
          <Sidebar />
          <Dialog.Close asChild>
            <Button
              look="quiet"
              aria-label={t('close')}
              className="absolute top-3.5 right-2.5 size-9"
            >
              <X aria-hidden />
            </Button>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
