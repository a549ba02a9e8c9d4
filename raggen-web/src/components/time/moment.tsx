'use client'

import { useLocale } from 'next-intl'

import { useTimeZone } from './use-time-zone'

import { DATE_LOCALE } from '@/i18n/locale'

const STYLES = {
  time: { hour: '2-digit', minute: '2-digit' },
  full: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
} as const

/** A moment in the person's language and time zone. `at` is RFC 3339; an unreadable one is shown as it is. */
export function Moment({ at, style }: { at: string; style: keyof typeof STYLES }) {
  const locale = DATE_LOCALE[useLocale()]
  const timeZone = useTimeZone()
  const date = new Date(at)
  const format = (style: keyof typeof STYLES) =>
    new Intl.DateTimeFormat(locale, { ...STYLES[style], timeZone }).format(date)
  if (Number.isNaN(date.getTime())) return <span>{at}</span>
  return (
    <time dateTime={at} title={format('full')}>
      {format(style)}
    </time>
  )
}
