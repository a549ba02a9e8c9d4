'use client'

import { useState } from 'react'

import { useChoice } from './choice-context'
import { useProviders, type NewServer } from './providers-context'

import { RequestError } from '@/components/api/request'

export type Connecting = {
  /** The address, or the kind, that is being connected right now. */
  busy: string | null
  failure: { place: string; error: RequestError } | null
  /** True when the server is connected and answers from now on. */
  connectTo: (server: NewServer) => Promise<boolean>
}

/** Connecting a server: which one is on its way, and why the last one did not work. */
export function useConnect(): Connecting {
  const { connect } = useProviders()
  const { own, choose } = useChoice()
  const [busy, setBusy] = useState<string | null>(null)
  const [failure, setFailure] = useState<Connecting['failure']>(null)

  async function connectTo(server: NewServer): Promise<boolean> {
    if (busy !== null) return false
    const { kind = 'openai', baseUrl = '' } = server
    // A provider is known by its name, a server by its address.
    const place = kind === 'openai' ? baseUrl : kind
    setBusy(place)
    setFailure(null)
    try {
      const connected = await connect(server)
      // It was connected from a chat that would go on with its own choice.
      if (own && connected) await choose(connected)
      return true
    } catch (cause) {
      const error = cause instanceof RequestError ? cause : new RequestError('unknown', 0)
      setFailure({ place, error })
      return false
    } finally {
      setBusy(null)
    }
  }

  return { busy, failure, connectTo }
}
