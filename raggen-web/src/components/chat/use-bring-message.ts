'use client'

import type { Virtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef } from 'react'

import type { ChatMessage } from '@/chat/message'
import { RequestError } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'
import { useToasts } from '@/components/ui/toasts'

type BringMessage = {
  messages: ChatMessage[]
  virtualizer: Virtualizer<HTMLDivElement, Element>
  release: () => void
  /** On the shown branch, as far as it was read; rendered a moment later. */
  isShown: (messageId: string) => boolean
  readAllEarlier: () => Promise<void>
  showBranch: (messageId: string) => Promise<void>
}

/** How long what was read may take to be rendered. */
const RENDER_PATIENCE_MS = 2_000

const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve))

/**
 * Makes a message visible, wherever it is: on the shown branch, further up than what was read so
 * far, or on another branch, which is then shown. Resolves to whether it is there.
 */
export function useBringMessage(options: BringMessage): (messageId: string) => Promise<boolean> {
  const t = useTranslations('chat')
  const explain = useFailure()
  const toast = useToasts()
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })

  return useCallback(
    async (messageId: string) => {
      const isShown = () => latest.current.isShown(messageId)
      try {
        if (!isShown()) await latest.current.readAllEarlier()
        if (!isShown()) await latest.current.showBranch(messageId)
        const deadline = performance.now() + RENDER_PATIENCE_MS
        let index = -1
        while (index < 0 && isShown() && performance.now() < deadline) {
          await nextFrame()
          index = latest.current.messages.findIndex(({ id }) => id === messageId)
        }
        if (index < 0) throw new RequestError('message_not_found', 404)
        latest.current.release()
        latest.current.virtualizer.scrollToIndex(index, { align: 'center' })
        return true
      } catch (error) {
        const gone = error instanceof RequestError && error.status === 404
        toast({ text: gone ? t('messageGone') : explain(error) })
        return false
      }
    },
    [t, explain, toast],
  )
}
