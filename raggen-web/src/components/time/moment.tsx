'use client'

import { useFormatter } from 'next-intl'

import { useTimeZone } from './use-time-zone'

const STYLES = {
  time: { hour: 'numeric', minute: '2-digit' },
  full: { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' },
} as const

/** A moment in the person's language and time zone. `at` is RFC 3339; an unreadable one is shown as it is. */
export function Moment({ at, style }: { at: string; style: keyof typeof STYLES }) {
  const format = useFormatter()
  const timeZone = useTimeZone()
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return <span>{at}</span>
  return (
    <time dateTime={at} title={format.dateTime(date, { ...STYLES.full, timeZone })}>
      {format.dateTime(date, { ...STYLES[style], timeZone })}
    </time>
  )
}
