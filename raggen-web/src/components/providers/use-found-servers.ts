'use client'

import { useCallback, useEffect, useState } from 'react'

import { useProviders } from './providers-context'

import { requestJson } from '@/components/api/request'
import type { FoundServer } from '@/components/api/wire'

/** `servers` is null while looking. */
export type Found = { servers: FoundServer[] | null; look: () => void }

/** Servers on the usual local ports that are not connected yet; looked for once, and when asked. */
export function useFoundServers(): Found {
  const { providers } = useProviders()
  const [servers, setServers] = useState<FoundServer[] | null>(null)
  const look = useCallback(async () => {
    setServers(null)
    try {
      const answer = await requestJson<{ servers: FoundServer[] }>('/api/providers/discovered')
      setServers(answer.servers)
    } catch {
      setServers([])
    }
  }, [])
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void look()
  }, [look])
  const connected = new Set(providers?.map(({ baseUrl }) => baseUrl))
  return {
    servers: servers?.filter(({ baseUrl }) => !connected.has(baseUrl)) ?? null,
    look: () => void look(),
  }
}
