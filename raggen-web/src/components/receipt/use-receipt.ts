'use client'

import { useCallback, useState } from 'react'

import { RequestError, requestJson } from '@/components/api/request'
import type { Receipt } from '@/components/api/wire'

type ReceiptState =
  | { state: 'loading' }
  | { state: 'ready'; receipt: Receipt }
  | { state: 'missing' }
  | { state: 'failed' }

/** The stored receipt of an answer, asked for when `load` is called and never before. */
export function useReceipt(messageId: string): ReceiptState & { load: () => void } {
  const [state, setState] = useState<ReceiptState>({ state: 'loading' })
  const load = useCallback(async () => {
    setState({ state: 'loading' })
    try {
      const receipt = await requestJson<Receipt>(`/api/messages/${messageId}/receipt`)
      setState({ state: 'ready', receipt })
    } catch (error) {
      const missing = error instanceof RequestError && error.status === 404
      setState({ state: missing ? 'missing' : 'failed' })
    }
  }, [messageId])
  return { ...state, load: () => void load() }
}
