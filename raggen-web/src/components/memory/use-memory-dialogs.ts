'use client'

import { useState } from 'react'

import type { MemoryItem } from './memory-item'
import type { Forgotten } from './use-proofs'

type OpenDialog =
  | { kind: 'correct'; item: MemoryItem }
  | { kind: 'forget'; items: MemoryItem[]; eraseFromChat: boolean }
  | { kind: 'proof'; forgotten: Forgotten[]; erased: boolean }

export type Dialogs = {
  open: OpenDialog | null
  correct: (item: MemoryItem) => void
  /** Asks first; `eraseFromChat`: whether the chat should lose the words too, as it is asked at first. */
  forget: (items: MemoryItem[], eraseFromChat: boolean) => void
  /** Shows what is left of what was forgotten. `erased`: the chats have lost the words too. */
  prove: (items: MemoryItem[], erased: boolean) => void
  close: () => void
}

/**
 * Which of the memory page's dialogs is open. While the page is open it knows the words of what was
 * forgotten on it, and only it does: they are what a proof searches for.
 */
export function useMemoryDialogs(): Dialogs {
  const [open, setOpen] = useState<OpenDialog | null>(null)
  const [words, setWords] = useState<ReadonlyMap<string, string>>(new Map())
  return {
    open,
    correct: (item) => setOpen({ kind: 'correct', item }),
    forget: (items, eraseFromChat) => setOpen({ kind: 'forget', items, eraseFromChat }),
    prove(items, erased) {
      const known = new Map(words)
      for (const { messageId, text } of items) if (text !== '') known.set(messageId, text)
      setWords(known)
      const forgotten = items.map(({ messageId }) => {
        return { messageId, words: known.get(messageId) ?? null }
      })
      setOpen({ kind: 'proof', forgotten, erased })
    },
    close: () => setOpen(null),
  }
}
