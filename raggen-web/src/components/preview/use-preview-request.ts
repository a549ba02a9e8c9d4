'use client'

import { useEffect, useState } from 'react'

import type { ChatSettings } from '@/chat/settings'
import { requestJson } from '@/components/api/request'
import type { Preview } from '@/components/api/wire'

export type PreviewRequest = {
  text: string
  /** undefined: under the chat's last message. */
  parentId: string | null | undefined
  /** As chosen in this tab; null: as the server knows them. */
  settings: ChatSettings | null
  context: 'fresh' | 'none'
}

type Answered = { asked: string } & ({ prompt: Preview } | { failure: unknown })

/** What would be sent. Asked again whenever the request changes; an answer to an older one is dropped. */
export function usePreviewRequest(chatId: string, request: PreviewRequest) {
  const [answered, setAnswered] = useState<Answered | null>(null)
  const [attempt, setAttempt] = useState(0)
  const { parentId, settings, ...rest } = request
  const body = JSON.stringify({
    ...rest,
    ...(parentId === undefined ? {} : { parentId }),
    ...(settings === null ? {} : { settings }),
  })
  const asked = `${attempt} ${body}`

  useEffect(() => {
    const stop = new AbortController()
    requestJson<Preview>(`/api/chats/${chatId}/preview`, {
      method: 'POST',
      body: JSON.parse(body),
      signal: stop.signal,
    }).then(
      (prompt) => !stop.signal.aborted && setAnswered({ asked, prompt }),
      (failure: unknown) => !stop.signal.aborted && setAnswered({ asked, failure }),
    )
    return () => stop.abort()
  }, [chatId, body, asked])

  const current = answered?.asked === asked ? answered : null
  return {
    prompt: current && 'prompt' in current ? current.prompt : null,
    failure: current && 'failure' in current ? current.failure : null,
    retry: () => setAttempt(attempt + 1),
  }
}
