'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'

import { useSearch } from '@/components/search/search-context'
import { useToasts } from '@/components/ui/toasts'

/**
 * The browser's own search sees only the rows that are in the page. Whoever uses it in a chat of
 * which not all is there is told once; the key itself stays the browser's.
 */
export function useFindHint(partlyShown: boolean): void {
  const t = useTranslations('chat')
  const toast = useToasts()
  const { show } = useSearch()
  const told = useRef(false)
  useEffect(() => {
    if (!partlyShown) return
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.code !== 'KeyF' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      if (told.current) return
      told.current = true
      const action = { label: t('findAction'), run: show }
      toast({ text: t('findHint'), ms: 10_000, action })
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [partlyShown, toast, t, show])
}
