import type { ContextItem } from '@/chat/message'

export type Span = {
  /** How many chats the items come from; those of deleted chats count as one. */
  chats: number
  /** All of them come from the chat that they are shown in. */
  hereOnly: boolean
  from: Date
  to: Date
}

/** From where and when items come; null for none, or where no date can be read. */
export function spanOf(items: ContextItem[], chatId: string): Span | null {
  const times = items
    .map(({ timestamp }) => Date.parse(timestamp))
    .filter((time) => !Number.isNaN(time))
  if (times.length === 0) return null
  const chats = new Set(items.map((item) => item.chatId))
  return {
    chats: chats.size,
    hereOnly: chats.size === 1 && chats.has(chatId),
    from: new Date(times.reduce((least, time) => Math.min(least, time))),
    to: new Date(times.reduce((most, time) => Math.max(most, time))),
  }
}

/**
 * A time span as short as it stays clear: «3 May», «3–9 May», «May – July», with the year where it is
 * not this one. Days and months are those of `timeZone`.
 */
export function spanText(
  { from, to }: Pick<Span, 'from' | 'to'>,
  locale: string,
  timeZone: string,
  now: Date,
): string {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone })
  const year = { year: 'numeric' } as const
  const yearOf = (date: Date) => format(year).format(date)
  const monthOf = (date: Date) => format({ ...year, month: 'numeric' }).format(date)
  const old = yearOf(to) === yearOf(now) && yearOf(from) === yearOf(now) ? {} : year
  const options: Intl.DateTimeFormatOptions =
    monthOf(from) === monthOf(to)
      ? { day: 'numeric', month: 'long', ...old }
      : { month: yearOf(from) === yearOf(to) ? 'long' : 'short', ...old }
  return format(options).formatRange(from, to)
}
