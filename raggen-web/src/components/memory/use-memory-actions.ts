'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import type { MemoryItem } from './memory-item'

import { requestJson } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'

type Change = { pinned?: boolean; excluded?: boolean; text?: string | null }
type Said = 'pinned' | 'unpinned' | 'excluded' | 'included' | 'corrected' | 'forgotten'

export type MemoryActions = {
  /** What a screen reader hears about the last action. */
  said: string
  /** A sentence that says why the last action failed; null: it did not. */
  failure: string | null
  pin: (item: MemoryItem) => void
  exclude: (item: MemoryItem) => void
  /** Asks for an item to be indexed again that raggen-embed refused. */
  tryAgain: (item: MemoryItem) => void
  /** `text` null: as said. Throws RequestError: the dialog keeps what was typed. */
  correct: (item: MemoryItem, text: string | null) => Promise<void>
  excludeAll: (ids: string[], excluded: boolean) => void
  /** Throws RequestError: the dialog stays open. */
  forget: (ids: string[], eraseFromChat: boolean) => Promise<void>
}

/** What can be done with memory's messages; `replace` gets them as the server then knows them. */
export function useMemoryActions(replace: (items: MemoryItem[]) => void): MemoryActions {
  const t = useTranslations('memory')
  const explain = useFailure()
  const [said, setSaid] = useState('')
  const [failure, setFailure] = useState<string | null>(null)

  const done = (items: MemoryItem[], what: Said) => {
    replace(items)
    setFailure(null)
    setSaid(t(`announce.${what}`))
  }
  const change = async (item: MemoryItem, body: Change, what: Said) => {
    const path = `/api/memory/${item.messageId}`
    const changed = await requestJson<{ item: MemoryItem }>(path, { method: 'PATCH', body })
    done([changed.item], what)
  }
  const many = async (body: object, what: Said) => {
    const path = '/api/memory/bulk'
    done((await requestJson<{ items: MemoryItem[] }>(path, { method: 'POST', body })).items, what)
  }
  const orSay = (work: Promise<void>) =>
    void work.catch((error: unknown) => setFailure(t('actionFailed', { reason: explain(error) })))

  return {
    said,
    failure,
    pin: (item) =>
      orSay(change(item, { pinned: !item.pinned }, item.pinned ? 'unpinned' : 'pinned')),
    exclude(item) {
      const excluded = item.excludedBy !== 'message'
      orSay(change(item, { excluded }, excluded ? 'excluded' : 'included'))
    },
    tryAgain: (item) =>
      orSay(change(item, { text: item.corrected ? item.text : null }, 'corrected')),
    correct: (item, text) => change(item, { text }, 'corrected'),
    excludeAll: (messageIds, excluded) =>
      orSay(
        many(
          { action: excluded ? 'exclude' : 'include', messageIds },
          excluded ? 'excluded' : 'included',
        ),
      ),
    forget: (messageIds, eraseFromChat) =>
      many({ action: 'forget', messageIds, eraseFromChat }, 'forgotten'),
  }
}
