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
  readAllEarlier: () => Promise<void>
  showBranch: (messageId: string) => Promise<void>
}

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
      const place = async () => {
        await nextFrame() // What was read has been rendered by then.
        return latest.current.messages.findIndex(({ id }) => id === messageId)
      }
      try {
        let index = await place()
        if (index < 0) {
          await latest.current.readAllEarlier()
          index = await place()
        }
        if (index < 0) {
          await latest.current.showBranch(messageId)
          index = await place()
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
