'use client'

import { useEffect, useRef, useState } from 'react'

import { sendFile } from './upload'

import type { Imported } from '@/components/api/wire'
import { useChatList } from '@/components/chats/chat-list-context'

export type ImportState =
  | { step: 'idle' }
  | { step: 'running'; name: string; share: number }
  | { step: 'done'; result: Imported }
  | { step: 'failed'; failure: unknown }
  | { step: 'cancelled' }

/** An import as its section shows it. Leaving the page stops it; what came in by then stays. */
export function useImport() {
  const { refresh } = useChatList()
  const [state, setState] = useState<ImportState>({ step: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function start(file: File) {
    const aborting = new AbortController()
    running.current = aborting
    const { name } = file
    setState({ step: 'running', name, share: 0 })
    try {
      const onProgress = (share: number) => setState({ step: 'running', name, share })
      setState({ step: 'done', result: await sendFile(file, onProgress, aborting.signal) })
    } catch (failure) {
      setState(aborting.signal.aborted ? { step: 'cancelled' } : { step: 'failed', failure })
    } finally {
      running.current = null
    }
    await refresh()
  }

  return { state, start, stop: () => running.current?.abort() }
}
