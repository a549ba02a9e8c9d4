'use client'

import { useEffect, useState } from 'react'

import { requestJson } from '@/components/api/request'
import type { SearchFindings } from '@/components/api/wire'

/** Longer than between two keys of somebody who types, shorter than what is felt as waiting. */
const PAUSE_MS = 140

type Outcome = {
  /** What was searched for. */
  text: string
  findings: SearchFindings | null
  failure: unknown
}

const NOTHING: Outcome = { text: '', findings: null, failure: null }

/**
 * What is found for `text` while it is being typed. One request at a time: a newer text aborts the
 * search before it, whose answer is dropped. Until the new answer is there, the old one stands.
 */
export function useFindings(text: string) {
  const wanted = text.trim()
  const [outcome, setOutcome] = useState<Outcome>(NOTHING)
  const [attempt, setAttempt] = useState(0)

  useEffect(() => {
    if (wanted === '') return
    const aborting = new AbortController()
    const { signal } = aborting
    const timer = setTimeout(() => {
      requestJson<SearchFindings>('/api/search', { method: 'POST', body: { text: wanted }, signal })
        .then((findings) => ({ text: wanted, findings, failure: null }))
        .catch((failure: unknown) => ({ text: wanted, findings: null, failure }))
        .then((next) => {
          if (!signal.aborted) setOutcome(next)
        })
    }, PAUSE_MS)
    return () => {
      clearTimeout(timer)
      aborting.abort()
    }
  }, [wanted, attempt])

  const shown = wanted === '' ? NOTHING : outcome
  return {
    ...shown,
    searching: wanted !== '' && outcome.text !== wanted,
    retry() {
      setOutcome(NOTHING)
      setAttempt((count) => count + 1)
    },
  }
}
