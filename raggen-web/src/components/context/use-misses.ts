'use client'

import { useState } from 'react'

import type { ContextItem } from '@/chat/message'
import { requestJson } from '@/components/api/request'
import type { Misses } from '@/components/api/wire'

/** The nearest misses of an answer, asked for when `load` is called and never before. */
export function useMisses(answerId: string | null) {
  const [items, setItems] = useState<ContextItem[] | null>(null)
  const [failure, setFailure] = useState<unknown>(null)

  async function load() {
    setItems(null)
    setFailure(null)
    try {
      setItems((await requestJson<Misses>(`/api/messages/${answerId}/misses`)).items)
    } catch (error) {
      setFailure(error)
    }
  }

  return { items, failure, load }
}
