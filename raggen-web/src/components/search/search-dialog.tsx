'use client'

import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import { useRef, useState } from 'react'

import { SearchPanel } from './search-panel'

type SearchDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** The search over all that was said: near the top on a desktop, the whole screen on a phone. */
export function SearchDialog({ open, onOpenChange }: SearchDialogProps) {
  const t = useTranslations('search')
  // What was searched for stays: one looks at one result after another.
  const [text, setText] = useState('')
  // Whoever chose a result goes to it; the focus must not return to where the search was opened.
  const chosen = useRef(false)
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40 data-[state=open]:animate-appear" />
        <Dialog.Content
          aria-describedby={undefined}
          data-testid="search"
          onCloseAutoFocus={(event) => {
            if (chosen.current) event.preventDefault()
            chosen.current = false
          }}
          className="fixed inset-0 z-50 flex flex-col bg-canvas data-[state=open]:animate-appear sm:inset-auto sm:top-[10vh] sm:left-1/2 sm:max-h-[80vh] sm:w-[calc(100%-2rem)] sm:max-w-2xl sm:-translate-x-1/2 sm:rounded-2xl sm:border sm:shadow-float"
        >
          <Dialog.Title className="sr-only">{t('title')}</Dialog.Title>
          <SearchPanel
            text={text}
            onText={setText}
            onChoose={() => {
              chosen.current = true
              onOpenChange(false)
            }}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
