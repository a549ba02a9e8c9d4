'use client'

import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode } from 'react'

import type { WrittenHeaders } from './header-rows'

import { requestJson } from '@/components/api/request'
import type {
  Provider,
  ProviderOptions,
  Providers,
  Selection,
  ServerKind,
} from '@/components/api/wire'

export type NewServer = {
  kind?: ServerKind
  /** Absent: where its kind is known to live. */
  baseUrl?: string
  name?: string
  apiKey?: string
  headers?: WrittenHeaders
  options?: ProviderOptions
}

/** What is not named stays; an option that is null goes. */
export type ServerChange = {
  name?: string
  apiKey?: string
  /** All of them: one that is not named goes, null keeps its value. */
  headers?: WrittenHeaders
  options?: { [Name in keyof ProviderOptions]?: ProviderOptions[Name] | null }
}

type ProvidersState = {
  /** null until the server has answered. */
  providers: Provider[] | null
  /** Who answers in new chats, and in those without a choice of their own. */
  selection: Selection
  failed: boolean
  refresh: () => Promise<Provider[] | null>
  /** Throws RequestError, and puts the former choice back, when the server did not take it. */
  select: (selection: Selection) => Promise<void>
  /** Resolves when no choice is on its way: whether the server took the one that was. */
  told: () => Promise<boolean>
  /** Connects a server and lets it answer in new chats from now on; who that is. Throws RequestError. */
  connect: (server: NewServer) => Promise<Selection | null>
  /** Tries what is new, then keeps it. Throws RequestError. */
  change: (providerId: string, change: ServerChange) => Promise<void>
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

  /** The choice that the server is being told: whether it took it. */
  const onItsWay = useRef<Promise<boolean> | null>(null)
  const told = useCallback(async () => {
    let taken = true
    while (onItsWay.current) taken = await onItsWay.current
    return taken
  }, [])

  const select = useCallback(
    async (wanted: Selection) => {
      setSelection(wanted)
      const telling = requestJson('/api/selection', {
        method: 'PUT',
        body: { providerId: wanted.providerId, ...(wanted.model ? { model: wanted.model } : {}) },
      })
      const way: Promise<boolean> = telling
        .then(
          () => true,
          () => false,
        )
        .finally(() => {
          if (onItsWay.current === way) onItsWay.current = null
        })
      onItsWay.current = way
      try {
        await telling
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
      if (!added) return null
      const chosen = { providerId: added.id, model: added.models[0] ?? null }
      await select(chosen)
      return chosen
    },
    [providers, refresh, select],
  )

  const change = useCallback(
    async (providerId: string, wanted: ServerChange) => {
      await requestJson(`/api/providers/${providerId}`, { method: 'PATCH', body: wanted })
      await refresh()
    },
    [refresh],
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
    () => ({ providers, selection, failed, refresh, select, told, connect, change, disconnect }),
    [providers, selection, failed, refresh, select, told, connect, change, disconnect],
  )
  return <ProvidersContext value={value}>{props.children}</ProvidersContext>
}

/** Who can answer, and who is chosen to. */
export function useProviders(): ProvidersState {
  const state = useContext(ProvidersContext)
  if (!state) throw new Error('useProviders needs a ProvidersProvider above it')
  return state
}
