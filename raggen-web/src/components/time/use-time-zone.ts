'use client'

import { useTimeZone as useServerTimeZone } from 'next-intl'
import { useSyncExternalStore } from 'react'

const browserTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone
const never = () => () => {}

/**
 * The person's time zone. The server does not know it, so the first paint uses the server's
 * (no hydration mismatch) and the browser's own takes over right after.
 */
export function useTimeZone(): string {
  const server = useServerTimeZone() ?? 'UTC'
  return useSyncExternalStore(never, browserTimeZone, () => server)
}
