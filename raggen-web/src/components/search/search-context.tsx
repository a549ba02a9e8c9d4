'use client'

import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react'

import { SearchDialog } from './search-dialog'
import { useSearchShortcut } from './use-search-shortcut'

type Search = { show: () => void }

const SearchContext = createContext<Search | null>(null)

/** The search over all chats, from every page: by its shortcut, or by a trigger below. */
export function SearchProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false)
  useSearchShortcut(useCallback(() => setOpen((shown) => !shown), []))
  const value = useMemo(() => ({ show: () => setOpen(true) }), [])
  return (
    <SearchContext value={value}>
      {children}
      <SearchDialog open={open} onOpenChange={setOpen} />
    </SearchContext>
  )
}

/** Opens the search. */
export function useSearch(): Search {
  const search = useContext(SearchContext)
  if (!search) throw new Error('useSearch needs a SearchProvider above it')
  return search
}
