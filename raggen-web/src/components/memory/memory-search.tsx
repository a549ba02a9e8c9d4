'use client'

import { Search, X } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'

import { IconButton } from '@/components/ui/icon-button'

/** The field that searches memory as one types; Escape empties it. */
export function MemorySearch(props: { query: string; onChange: (query: string) => void }) {
  const { query, onChange } = props
  const t = useTranslations('memory')
  const field = useRef<HTMLInputElement>(null)
  const clear = () => {
    onChange('')
    field.current?.focus()
  }
  return (
    <div role="search" className="relative">
      <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-4 text-muted" />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        value={query}
        maxLength={1000}
        aria-label={t('search')}
        placeholder={t('searchPlaceholder')}
        data-testid="memory-search"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || query === '') return
          event.stopPropagation()
          clear()
        }}
        className="h-10 w-full rounded-xl border border-line-strong bg-raised pr-10 pl-9.5 text-base placeholder:text-muted sm:text-[0.9375rem]"
      />
      {query !== '' && (
        <IconButton
          label={t('clearSearch')}
          onClick={clear}
          data-testid="memory-search-clear"
          className="absolute top-1 right-1"
        >
          <X aria-hidden />
        </IconButton>
      )}
    </div>
  )
}
