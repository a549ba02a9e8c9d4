'use client'

import { X } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import { useState, type ReactNode } from 'react'

import { Sidebar } from './sidebar'

import { Button } from '@/components/ui/button'

/**
 * The sidebar on a phone: a drawer that closes when a chat was chosen. It stands above the pages,
 * which hold its trigger (`SidebarTrigger`), so that switching the language leaves it open.
 */
export function SidebarDrawer({ children }: { children: ReactNode }) {
  const t = useTranslations('sidebar')
  const pathname = usePathname()
  const [openAt, setOpenAt] = useState<string | null>(null)
  return (
    // Open only at the address where it was opened: going anywhere closes it.
    <Dialog.Root
      open={openAt === pathname}
      onOpenChange={(open) => setOpenAt(open ? pathname : null)}
    >
      {children}
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/40 data-[state=open]:animate-appear" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={(event) => {
            // Not its first link: that would show its hint to a finger that only opened a drawer.
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          onEscapeKeyDown={(event) => {
            // A chat is being renamed: Escape gives that up, not the drawer.
            if (event.target instanceof HTMLInputElement) event.preventDefault()
          }}
          onKeyDown={(event) => {
            // Deleted by key: the drawer would stand in front of the way to undo it.
            const link = event.target instanceof Element && event.target.closest('a')
            if (link && event.key === 'Delete' && event.defaultPrevented) setOpenAt(null)
          }}
          onClick={(event) => {
            // The link to the page that is already shown changes no address, nor does the search.
            const leaving = 'a, [data-closes-drawer]'
            if (event.target instanceof Element && event.target.closest(leaving)) setOpenAt(null)
          }}
          className="fixed inset-y-0 left-0 z-50 w-[min(20rem,86vw)] border-r shadow-float outline-none"
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
