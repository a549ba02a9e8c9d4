import { byPlace } from './chat-order'

import type { ChatSummary } from '@/components/api/wire'

export type ChatGroup = {
  /** `today`… are translated; `month:2026-03` is written out as a month. */
  key: 'pinned' | 'today' | 'yesterday' | 'week' | 'month' | `month:${string}`
  chats: ChatSummary[]
}

const DAY_MS = 86_400_000

/** Making a formatter is slow, and a list asks for every chat. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-CA', { timeZone })
  formats.set(timeZone, made)
  return made
}

/** The calendar day of a moment in a time zone, as a count of days: differences are whole days. */
function dayNumber(at: Date, timeZone: string): number {
  const parts = formatIn(timeZone).format(at)
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS)
}

function keyOf(at: Date, now: Date, timeZone: string): ChatGroup['key'] {
  const age = dayNumber(now, timeZone) - dayNumber(at, timeZone)
  if (age <= 0) return 'today'
  if (age === 1) return 'yesterday'
  if (age <= 7) return 'week'
  if (age <= 30) return 'month'
  return `month:${formatIn(timeZone).format(at).slice(0, 'yyyy-mm'.length)}`
}

/** Pinned chats, then the others by when they were last written in, in the groups a person thinks in. */
export function groupByDate(chats: ChatSummary[], now: Date, timeZone: string): ChatGroup[] {
  const groups = new Map<ChatGroup['key'], ChatSummary[]>()
  for (const chat of byPlace(chats)) {
    const key = chat.pinnedAt ? 'pinned' : keyOf(new Date(chat.updatedAt), now, timeZone)
    const group = groups.get(key)
    if (group) group.push(chat)
    else groups.set(key, [chat])
  }
  return [...groups].map(([key, grouped]) => ({ key, chats: grouped }))
}
