'use client'

import { useCallback, useEffect, useRef, useState } from 'react'

import type { MemoryFilter, MemoryItem, MemoryPage } from './memory-item'

import { requestJson } from '@/components/api/request'

export type MemoryQuery = { query: string; filter: MemoryFilter; chatId: string | null }

type Loading = 'idle' | 'first' | 'more'

export type MemoryList = MemoryPage & {
  loading: Loading
  /** Why the last request failed, for `useFailure`; null: it did not. */
  failure: unknown
  loadMore: () => void
  reload: () => void
  /** Puts items as the server now knows them in the place of those that are shown. */
  replace: (items: MemoryItem[]) => void
}

const SEARCH_PAUSE_MS = 250
const REFRESH_MS = 3_000
const PAGE = 60
/** As many as raggen-embed finds. */
const FOUND = 100

function address({ query, filter, chatId }: MemoryQuery, cursor: string | null, limit: number) {
  const params = new URLSearchParams({ state: filter, limit: String(limit) })
  if (query !== '') params.set('query', query)
  if (chatId !== null) params.set('chatId', chatId)
  if (cursor !== null) params.set('cursor', cursor)
  return `/api/memory?${params}`
}

const idsOf = (items: MemoryItem[]) => new Set(items.map(({ messageId }) => messageId))

/** `items` as `fresh` knows them, in their order and with the scores of their search. */
function renewed(items: MemoryItem[], fresh: MemoryItem[]): MemoryItem[] {
  const byId = new Map(fresh.map((item) => [item.messageId, item]))
  return items.map(({ relevance, relevanceWord, ...item }) => {
    return { relevance, relevanceWord, ...(byId.get(item.messageId) ?? item) }
  })
}

/** A page that follows: what came meanwhile has moved the places, so some of it may be known. */
function extended(before: MemoryPage, next: MemoryPage): MemoryPage {
  const known = idsOf(before.items)
  return {
    ...next,
    items: [...before.items, ...next.items.filter(({ messageId }) => !known.has(messageId))],
  }
}

/** The first page asked for again: what is new comes first, what is known is renewed where it stands. */
function refreshed(before: MemoryPage, fresh: MemoryPage): MemoryPage {
  const known = idsOf(before.items)
  return {
    ...before,
    counts: fresh.counts,
    items: [
      ...fresh.items.filter(({ messageId }) => !known.has(messageId)),
      ...renewed(before.items, fresh.items),
    ],
  }
}

/**
 * What memory knows, page by page; `initial` is the first page as the server drew it. A new query is
 * asked a moment after the last key, and answers that come late are dropped.
 */
export function useMemoryList(wanted: MemoryQuery, initial: MemoryPage): MemoryList {
  const { query, filter, chatId } = wanted
  const [page, setPage] = useState(initial)
  const wantedNow = JSON.stringify([query, filter, chatId])
  const [shownFor, setShownFor] = useState(wantedNow)
  const [loading, setLoading] = useState<Loading>('idle')
  const [failure, setFailure] = useState<unknown>(null)
  const asked = useRef<AbortController | null>(null)
  const drawn = useRef(true)

  const ask = useCallback(
    async (cursor: string | null, kind: Exclude<Loading, 'idle'>) => {
      asked.current?.abort()
      const { signal } = (asked.current = new AbortController())
      setLoading(kind)
      setFailure(null)
      try {
        const path = address({ query, filter, chatId }, cursor, query === '' ? PAGE : FOUND)
        const next = await requestJson<MemoryPage>(path, { signal })
        setPage((before) => (kind === 'more' ? extended(before, next) : next))
        setShownFor(JSON.stringify([query, filter, chatId]))
      } catch (error) {
        if (!signal.aborted) setFailure(error)
      } finally {
        if (!signal.aborted) setLoading('idle')
      }
    },
    [query, filter, chatId],
  )

  useEffect(() => {
    if (drawn.current) {
      drawn.current = false // The server has drawn the first page.
      return
    }
    const timer = setTimeout(() => void ask(null, 'first'), query === '' ? 0 : SEARCH_PAUSE_MS)
    return () => clearTimeout(timer)
  }, [ask, query])
  useEffect(() => () => asked.current?.abort(), [])

  const refresh = useCallback(async () => {
    if (query !== '') return // What was found stays where it is while somebody reads it.
    const path = address({ query, filter, chatId }, null, PAGE)
    const fresh = await requestJson<MemoryPage>(path).catch(() => null)
    if (fresh) setPage((before) => refreshed(before, fresh))
  }, [query, filter, chatId])

  const waiting = page.counts.pending > 0 || page.items.some(({ indexed }) => indexed === 'pending')
  useEffect(() => {
    const onVisible = () => document.visibilityState === 'visible' && void refresh()
    document.addEventListener('visibilitychange', onVisible)
    const timer = waiting ? setInterval(onVisible, REFRESH_MS) : undefined
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      clearInterval(timer)
    }
  }, [refresh, waiting])

  // From the first key on, and not only when the request is on its way.
  const behind = shownFor !== wantedNow && failure === null
  return {
    ...page,
    loading: behind ? 'first' : loading,
    failure,
    loadMore: () => {
      if (loading === 'idle' && failure === null && page.nextCursor !== null) {
        void ask(page.nextCursor, 'more')
      }
    },
    reload: () => void ask(null, 'first'),
    replace: (items) => {
      setPage((before) => ({ ...before, items: renewed(before.items, items) }))
      void refresh()
    },
  }
}
