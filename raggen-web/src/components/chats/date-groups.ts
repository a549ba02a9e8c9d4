import type { ChatSummary } from '@/components/api/wire'

export type DateGroup = {
  /** `today`… are translated; `month:2026-03` is written out as a month. */
  key: 'today' | 'yesterday' | 'week' | 'month' | `month:${string}`
  chats: ChatSummary[]
}

const DAY_MS = 86_400_000

/** The calendar day of a moment in a time zone, as a count of days: differences are whole days. */
function dayNumber(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone }).format(at)
  return Math.round(Date.parse(`${parts}T00:00:00Z`) / DAY_MS)
}

function keyOf(at: Date, now: Date, timeZone: string): DateGroup['key'] {
  const age = dayNumber(now, timeZone) - dayNumber(at, timeZone)
  if (age <= 0) return 'today'
  if (age === 1) return 'yesterday'
  if (age <= 7) return 'week'
  if (age <= 30) return 'month'
  const month = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' })
  return `month:${month.format(at)}`
}

/** Chats by when they were last written in, newest first, in the groups a person thinks in. */
export function groupByDate(chats: ChatSummary[], now: Date, timeZone: string): DateGroup[] {
  const groups = new Map<DateGroup['key'], ChatSummary[]>()
  const newestFirst = chats.toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt))
  for (const chat of newestFirst) {
    const key = keyOf(new Date(chat.updatedAt), now, timeZone)
    groups.set(key, [...(groups.get(key) ?? []), chat])
  }
  return [...groups].map(([key, grouped]) => ({ key, chats: grouped }))
}
