'use client'

import { LoaderCircle, Search, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { Dialog } from 'radix-ui'
import type { KeyboardEvent } from 'react'

import { Button } from '@/components/ui/button'

type SearchFieldProps = {
  text: string
  onText: (text: string) => void
  searching: boolean
  listId: string
  activeId: string | undefined
  expanded: boolean
  onMove: (step: 1 | -1) => void
  onEnter: () => void
}

const MAX_LENGTH = 1_000

/**
 * Where one writes; arrows choose among the results below while the cursor stays here. The dialog
 * focuses it, as its first element, and gives it the focus back where something else takes it.
 */
export function SearchField(props: SearchFieldProps) {
  const { text, onText, searching, listId, activeId, expanded, onMove, onEnter } = props
  const t = useTranslations('search')

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown') onMove(1)
    else if (event.key === 'ArrowUp') onMove(-1)
    else if (event.key === 'Enter') onEnter()
    else return
    event.preventDefault()
  }

  const Icon = searching ? LoaderCircle : Search
  return (
    <div className="flex items-center gap-2 border-b py-2 pr-2 pl-4 max-sm:pt-[max(0.5rem,env(safe-area-inset-top))]">
      <Icon
        aria-hidden
        className={`size-4.5 shrink-0 text-muted ${searching ? 'animate-spin' : ''}`}
      />
      <input
        type="text"
        role="combobox"
        aria-label={t('title')}
        aria-expanded={expanded}
        aria-controls={listId}
        aria-activedescendant={activeId}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        maxLength={MAX_LENGTH}
        placeholder={t('placeholder')}
        data-testid="search-input"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        className="h-10 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
      />
      <Dialog.Close asChild>
        <Button look="quiet" size="icon" aria-label={t('close')} data-testid="search-close">
          <X aria-hidden />
        </Button>
      </Dialog.Close>
    </div>
  )
}
