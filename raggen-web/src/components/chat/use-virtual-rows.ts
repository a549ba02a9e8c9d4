'use client'

import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useCallback, useRef, type RefObject } from 'react'

import { messageText } from './message-text'

import type { ChatMessage } from '@/chat/message'

/** Rows beyond the edges that are ready before they are scrolled to. */
const AHEAD = 5
/** The window that the server imagines: it sends the last rows of a chat, not its first. */
const IMAGINED = { width: 768, height: 900 }

const LINE_PX = 26
const LINE_CHARS = 80

/** About how high a message is, before it was measured: the scrollbar must not lie much. */
export function estimatedHeight(message: ChatMessage | undefined): number {
  if (!message) return 90
  let lines = 0
  for (const line of messageText(message).split('\n')) {
    lines += Math.max(1, Math.ceil(line.length / LINE_CHARS))
  }
  return lines * LINE_PX + (message.role === 'user' ? 76 : 120)
}

type VirtualRows = {
  messages: ChatMessage[]
  /** One more row than there are messages: the answer that the server has not begun yet. */
  pending: boolean
  scroller: RefObject<HTMLDivElement | null>
}

/**
 * Keeps only the rows in the page that can be seen, and a few around them. A row that has the focus
 * stays, wherever it is: the keyboard must not fall out of the page.
 */
export function useVirtualRows({ messages, pending, scroller }: VirtualRows) {
  const focused = useRef<string | null>(null)
  const count = messages.length + (pending ? 1 : 0)
  const total = useRef<number | null>(null)

  const rangeExtractor = useCallback(
    (range: Range) => {
      const rows = new Set(defaultRangeExtractor(range))
      const kept = focused.current
        ? messages.findIndex((message) => message.id === focused.current)
        : -1
      if (kept >= 0) rows.add(kept)
      return [...rows].toSorted((a, b) => a - b)
    },
    [messages],
  )

  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => messages[index]?.id ?? 'pending',
    estimateSize: (index) => estimatedHeight(messages[index]),
    initialRect: IMAGINED,
    initialOffset: () => {
      total.current ??= messages.reduce((sum, one) => sum + estimatedHeight(one), 0)
      return Math.max(0, total.current - IMAGINED.height)
    },
    overscan: AHEAD,
    // Older messages are put in front while the person reads: what is seen stays where it is.
    anchorTo: 'end',
    rangeExtractor,
  })

  const onFocusChange = useCallback((messageId: string | null) => {
    focused.current = messageId
  }, [])

  return { virtualizer, onFocusChange }
}
