'use client'

import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'

import { requestJson } from '@/components/api/request'
import type { Provider, Providers, Selection } from '@/components/api/wire'

export type NewServer = { baseUrl: string; name?: string; apiKey?: string }

type ProvidersState = {
  /** null until the server has answered. */
  providers: Provider[] | null
  selection: Selection
  failed: boolean
  refresh: () => Promise<Provider[] | null>
  /** Throws RequestError, and puts the former choice back, when the server did not take it. */
  select: (selection: Selection) => Promise<void>
  /** Connects a server and lets it answer from now on. Throws RequestError. */
  connect: (server: NewServer) => Promise<void>
  /** Throws RequestError. */
  disconnect: (providerId: string) => Promise<void>
}

const ProvidersContext = createContext<ProvidersState | null>(null)

/** Who can answer, and who is chosen to. `initial` comes with the page: the first paint knows it. */
export function ProvidersProvider(props: { initial: Selection; children: ReactNode }) {
  const [providers, setProviders] = useState<Provider[] | null>(null)
  const [selection, setSelection] = useState(props.initial)
  const [failed, setFailed] = useState(false)

  const refresh = useCallback(async () => {
    try {
      const answer = await requestJson<Providers>('/api/providers')
      setProviders(answer.providers)
      setSelection(answer.selection)
      setFailed(false)
      return answer.providers
    } catch {
      setFailed(true)
      return null
    }
  }, [])

  const select = useCallback(
    async (wanted: Selection) => {
      setSelection(wanted)
      try {
        await requestJson('/api/selection', {
          method: 'PUT',
          body: { providerId: wanted.providerId, ...(wanted.model ? { model: wanted.model } : {}) },
        })
      } catch (error) {
        setSelection(selection)
        throw error
      }
    },
    [selection],
  )

  const connect = useCallback(
    async (server: NewServer) => {
      const known = new Set(providers?.map(({ id }) => id))
      await requestJson('/api/providers', { method: 'POST', body: server })
      const added = (await refresh())?.find(({ id }) => !known.has(id))
      if (added) await select({ providerId: added.id, model: added.models[0] ?? null })
    },
    [providers, refresh, select],
  )

  const disconnect = useCallback(
    async (providerId: string) => {
      await requestJson(`/api/providers/${providerId}`, { method: 'DELETE' })
      await refresh()
    },
    [refresh],
  )

  // The list asks every connected server for its models: not before the page is up.
  useEffect(() => {
    // eslint-disable-next-line react-hooks/set-state-in-effect
    void refresh()
  }, [refresh])

  const value = useMemo(
    () => ({ providers, selection, failed, refresh, select, connect, disconnect }),
    [providers, selection, failed, refresh, select, connect, disconnect],
  )
  return <ProvidersContext value={value}>{props.children}</ProvidersContext>
}

/** Who can answer, and who is chosen to. */
export function useProviders(): ProvidersState {
  const state = useContext(ProvidersContext)
  if (!state) throw new Error('useProviders needs a ProvidersProvider above it')
  return state
}

/** The kind of the chosen one; a row that is not loaded yet can only be a server. */
export function useSelectedKind(): Provider['kind'] {
  const { selection } = useProviders()
  if (selection.providerId === 'quotations' || selection.providerId === 'local') {
    return selection.providerId
  }
  return 'openai'
}
