'use client'

import { useState } from 'react'

import { requestJson } from '@/components/api/request'

export type Rule = 'none' | 'pinned' | 'excluded'

/** What memory does with one message, as far as this tab knows, and how to change it. */
export function useMemoryRule(messageId: string, pinned: boolean) {
  const [rule, setRule] = useState<Rule>(pinned ? 'pinned' : 'none')
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function change(changes: { pinned: boolean } | { excluded: boolean }) {
    setBusy(true)
    setFailure(null)
    try {
      await requestJson(`/api/memory/${messageId}`, { method: 'PATCH', body: changes })
      const excluded = 'excluded' in changes && changes.excluded
      setRule(excluded ? 'excluded' : 'pinned' in changes && changes.pinned ? 'pinned' : 'none')
    } catch (error) {
      setFailure(error)
    }
    setBusy(false)
  }

  return { rule, busy, failure, change }
}
