'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, type KeyboardEvent, type RefObject } from 'react'

import { ForgottenRow } from './forgotten-row'
import { weakFrom, type MemoryItem } from './memory-item'
import { MemoryRow, type RowHandlers } from './memory-row'

type MemoryListProps = RowHandlers & {
  items: MemoryItem[]
  /** How many there are in all; null: as many as are here. */
  total: number | null
  selected: ReadonlySet<string>
  /** What the list scrolls in, and how far below its top the list begins. */
  scroller: RefObject<HTMLElement | null>
  offset: number
  onProof: (item: MemoryItem) => void
  onErase: (item: MemoryItem) => void
  /** The end of what is loaded comes near. */
  onNearEnd: () => void
}

const ESTIMATED_HEIGHT = 112
const AHEAD = 6
/** So many rows before the end the next page is asked for. */
const NEAR_END = 20

/** The messages, of which only those in sight are in the page: ten thousand scroll like ten. */
export function MemoryList(props: MemoryListProps) {
  const { items, total, selected, scroller, offset, onProof, onErase, onNearEnd, ...on } = props
  const t = useTranslations('memory')
  const list = useRef<HTMLUListElement>(null)
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => items[index]?.messageId ?? index,
    estimateSize: () => ESTIMATED_HEIGHT,
    initialRect: { width: 700, height: 800 },
    scrollMargin: offset,
    overscan: AHEAD,
  })
  const rows = virtualizer.getVirtualItems()
  const last = rows.at(-1)?.index ?? 0
  const weak = weakFrom(items)

  useEffect(() => {
    if (last >= items.length - NEAR_END) onNearEnd()
  })

  /** Arrow keys go from row to row, to its first control; one out of sight is scrolled to first. */
  function onKeyDown(event: KeyboardEvent<HTMLLIElement>, index: number) {
    if (event.target instanceof HTMLElement && event.target.isContentEditable) return
    if (event.key === 'Delete' && items[index]?.state !== 'forgotten') {
      event.preventDefault()
      if (items[index]) on.onForget(items[index])
    }
    const to = { ArrowDown: index + 1, ArrowUp: index - 1 }[event.key]
    if (to === undefined || to < 0 || to >= items.length) return
    event.preventDefault()
    virtualizer.scrollToIndex(to)
    requestAnimationFrame(() => {
      const row = list.current?.querySelector(`[data-index="${to}"]`)
      row?.querySelector<HTMLElement>('input, button, a')?.focus()
    })
  }

  return (
    <ul
      ref={list}
      aria-label={t('list')}
      aria-describedby="memory-list-keys"
      data-testid="memory-list"
      // In the flow of the page: nothing overlaps before heights are measured.
      className="-mx-2 [overflow-anchor:none]"
      style={{
        minHeight: virtualizer.getTotalSize(),
        paddingTop: Math.max(0, (rows[0]?.start ?? offset) - offset),
      }}
    >
      {rows.map((row) => {
        const item = items[row.index]
        if (!item) return null
        return (
          <li
            key={row.key}
            ref={virtualizer.measureElement}
            data-index={row.index}
            data-testid="memory-item"
            data-message-id={item.messageId}
            data-state={item.state}
            aria-posinset={row.index + 1}
            aria-setsize={Math.max(total ?? 0, items.length)}
            onKeyDown={(event) => onKeyDown(event, row.index)}
            className="rounded-sm border-b px-2 py-3.5 [&:has([data-testid=memory-select]:checked)]:bg-accent-soft/50"
          >
            {row.index === weak && (
              <p className="pb-3 text-xs font-medium text-muted">{t('weakMatches')}</p>
            )}
            {item.state === 'forgotten' ? (
              <ForgottenRow
                item={item}
                onProof={() => onProof(item)}
                onErase={() => onErase(item)}
              />
            ) : (
              <MemoryRow item={item} selected={selected.has(item.messageId)} {...on} />
            )}
          </li>
        )
      })}
    </ul>
  )
}
