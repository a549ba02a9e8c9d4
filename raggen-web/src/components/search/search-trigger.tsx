'use client'

import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useSearch } from './search-context'
import { useSearchShortcutLabel } from './use-search-shortcut'

import { Button } from '@/components/ui/button'
import { Hint } from '@/components/ui/hint'

/** The sidebar's way to the search. */
export function SearchTrigger() {
  const t = useTranslations('search')
  const { show } = useSearch()
  const shortcut = useSearchShortcutLabel()
  return (
    <Hint text={t('openHint', { shortcut })}>
      <Button
        look="quiet"
        onClick={show}
        data-testid="search-open"
        aria-haspopup="dialog"
        aria-keyshortcuts="Control+K Meta+K"
        className="w-full justify-start gap-2.5 px-3"
      >
        <Search aria-hidden />
        {t('open')}
        <kbd aria-hidden className="ml-auto font-sans text-xs font-normal pointer-coarse:hidden">
          {shortcut}
        </kbd>
      </Button>
    </Hint>
  )
}
