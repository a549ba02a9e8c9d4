'use client'

import { useState } from 'react'

import type { MemoryItem } from './memory-item'

/** As many as one request takes. */
const MAX_SELECTED = 200

export type Selection = {
  ids: ReadonlySet<string>
  /** The selected ones that are shown, and not forgotten by now. */
  items: MemoryItem[]
  toggle: (item: MemoryItem, selected: boolean) => void
  all: () => void
  clear: () => void
}

/** Which of the shown messages are selected. */
export function useSelection(shown: MemoryItem[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const held = shown.filter(({ state }) => state !== 'forgotten')
  return {
    ids,
    items: held.filter(({ messageId }) => ids.has(messageId)),
    toggle({ messageId }, selected) {
      const next = new Set(ids)
      if (selected && next.size < MAX_SELECTED) next.add(messageId)
      if (!selected) next.delete(messageId)
      setIds(next)
    },
    all: () => setIds(new Set(held.slice(0, MAX_SELECTED).map(({ messageId }) => messageId))),
    clear: () => setIds(new Set()),
  }
}
