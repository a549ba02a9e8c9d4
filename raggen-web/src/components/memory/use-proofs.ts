'use client'

import { useEffect, useState } from 'react'

import type { Proof } from './memory-item'

import { requestJson } from '@/components/api/request'

/** What was forgotten, and what memory held of it as the page still knows; null: nobody does. */
export type Forgotten = { messageId: string; words: string | null }

export type Proofs = {
  /** Of those that were looked for so far. */
  proofs: Map<string, Proof>
  /** Everything was looked for, and nothing is left. */
  gone: boolean
  looking: boolean
  failure: unknown
  again: () => void
}

const AGAIN_MS = 1_500

const proofOf = ({ messageId, words }: Forgotten, signal: AbortSignal) =>
  requestJson<Proof>(`/api/memory/${messageId}/proof`, {
    signal,
    ...(words !== null && { method: 'POST', body: { words } }),
  })

/** Looks for what is left of forgotten messages, again and again until nothing is. */
export function useProofs(forgotten: Forgotten[] | null): Proofs {
  const [proofs, setProofs] = useState(new Map<string, Proof>())
  const [looking, setLooking] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const [round, setRound] = useState(0)

  useEffect(() => {
    if (forgotten === null) return
    const stop = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const found = new Map<string, Proof>()
    async function look() {
      setLooking(true)
      try {
        for (const one of forgotten ?? []) {
          if (found.get(one.messageId)?.gone) continue
          found.set(one.messageId, await proofOf(one, stop.signal))
          setProofs(new Map(found))
        }
        setFailure(null)
      } catch (error) {
        if (!stop.signal.aborted) setFailure(error)
      }
      if (stop.signal.aborted) return
      setLooking(false)
      const left = (forgotten ?? []).some(({ messageId }) => !found.get(messageId)?.gone)
      if (left) timer = setTimeout(() => void look(), AGAIN_MS)
    }
    void look()
    return () => {
      stop.abort()
      clearTimeout(timer)
    }
  }, [forgotten, round])

  return {
    proofs,
    gone: forgotten?.every(({ messageId }) => proofs.get(messageId)?.gone) ?? false,
    looking,
    failure,
    again: () => setRound(round + 1),
  }
}
