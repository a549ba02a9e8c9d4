'use client'

import { useEffect, useState } from 'react'

import { requestJson } from '@/components/api/request'
import type { Status } from '@/components/api/wire'

const CALM_MS = 20_000
const EAGER_MS = 3_000

/** `offline`: this device has no network; `unreachable`: it has one, but raggen does not answer. */
export type MemoryStatus =
  | { state: 'checking' | 'unreachable' | 'offline' }
  | { state: 'ready' | 'starting' | 'down'; pending: number }

function statusOf({ embed, outbox }: Status): MemoryStatus {
  return { state: embed.state, pending: outbox.pending }
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
        // On the same machine raggen answers without any network: only then is the network to blame.
        now = { state: navigator.onLine ? 'unreachable' : 'offline' }
      }
      if (stop.signal.aborted) return
      setStatus(now)
      timer = setTimeout(() => void ask(), pauseAfter(now))
    }

    void ask()
    const again = () => void ask()
    document.addEventListener('visibilitychange', again)
    window.addEventListener('online', again)
    window.addEventListener('offline', again)
    return () => {
      stop.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', again)
      window.removeEventListener('online', again)
      window.removeEventListener('offline', again)
    }
  }, [])

  return status
}
