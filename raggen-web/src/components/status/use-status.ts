'use client'

import { useEffect, useState } from 'react'

import { requestJson } from '@/components/api/request'
import type { Status } from '@/components/api/wire'

const CALM_MS = 20_000
const EAGER_MS = 3_000

export type MemoryStatus =
  { state: 'checking' | 'starting' | 'down' | 'unreachable' } | { state: 'ready'; pending: number }

function statusOf({ embed, outbox }: Status): MemoryStatus {
  return embed.state === 'ready'
    ? { state: 'ready', pending: outbox.pending }
    : { state: embed.state }
}

/** Nothing to wait for: ask seldom. Something is starting or being memorised: ask soon. */
const pauseAfter = (status: MemoryStatus) =>
  status.state === 'ready' && status.pending === 0 ? CALM_MS : EAGER_MS

/** The memory's state, asked for gently: rarely when all is well, never while the tab is hidden. */
export function useStatus(): MemoryStatus {
  const [status, setStatus] = useState<MemoryStatus>({ state: 'checking' })

  useEffect(() => {
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined

    async function ask() {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden') return
      let now: MemoryStatus
      try {
        now = statusOf(await requestJson<Status>('/api/status', { signal: stop.signal }))
      } catch {
        now = { state: 'unreachable' }
      }
      if (stop.signal.aborted) return
      setStatus(now)
      timer = setTimeout(() => void ask(), pauseAfter(now))
    }

    void ask()
    const onVisible = () => void ask()
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      stop.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [])

  return status
}
