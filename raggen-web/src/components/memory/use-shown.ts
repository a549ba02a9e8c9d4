'use client'

import { useEffect, useState } from 'react'

import type { MemoryFilter } from './memory-item'
import type { ShownChat } from './memory-toolbar'

/**
 * What of memory is shown. The filter and the chat stand in the address, so that one can come back to
 * them; what is searched for stays out of addresses and logs.
 */
export function useShown(initial: { filter: MemoryFilter; chat: ShownChat }) {
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState(initial.filter)
  const [chat, setChat] = useState(initial.chat)
  useEffect(() => {
    const params = new URLSearchParams({
      ...(filter !== 'all' && { state: filter }),
      ...(chat && { chat: chat.id }),
    })
    const wanted = params.size > 0 ? `?${params}` : ''
    if (wanted !== window.location.search) {
      window.history.replaceState(null, '', `${window.location.pathname}${wanted}`)
    }
  }, [filter, chat])
  return { query, filter, chat, setQuery, setFilter, setChat }
}
