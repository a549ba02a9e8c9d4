'use client'

import { useState } from 'react'

import { requestJson } from '@/components/api/request'
import type { GoldenQuestion } from '@/components/api/wire'

type State =
  | { state: 'loading' }
  | { state: 'failed'; failure: unknown }
  | { state: 'ready'; golden: GoldenQuestion | null }

/** Whether an answer's question is golden, read when it is asked for, and how to change that. */
export function useGolden(answerId: string) {
  const [stored, setStored] = useState<State>({ state: 'loading' })
  const path = `/api/messages/${answerId}/golden`

  async function load() {
    setStored({ state: 'loading' })
    try {
      const { golden } = await requestJson<{ golden: GoldenQuestion | null }>(path)
      setStored({ state: 'ready', golden })
    } catch (failure) {
      setStored({ state: 'failed', failure })
    }
  }

  /** @throws RequestError */
  const mark = (expected: string[]) => requestJson(path, { method: 'PUT', body: { expected } })
  /** @throws RequestError */
  const unmark = () => requestJson(path, { method: 'DELETE' })

  return { stored, load, mark, unmark }
}
