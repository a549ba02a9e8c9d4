'use client'

import { useLocale, useNow } from 'next-intl'

import { spanText, type Span } from './span'

import { useTimeZone } from '@/components/time/use-time-zone'
import { DATE_LOCALE } from '@/i18n/locale'

/** When items were said, in the person's language and time zone. */
export function TimeSpan({ span }: { span: Span }) {
  const locale = DATE_LOCALE[useLocale()]
  return <span>{spanText(span, locale, useTimeZone(), useNow())}</span>
}
