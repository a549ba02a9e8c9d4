import type { Remembered } from '@/db/remembered'
import type { SearchResult } from '@/embed/client'

/** A message as the memory page shows it. */
export type MemoryItem = {
  messageId: string
  chatId: string
  chatTitle: string
  speaker: 'user' | 'assistant'
  /** What memory holds; '' once it is forgotten. */
  text: string
  /** Verbatim in the chat; '' where its person erased it there too. */
  said: string
  /** RFC 3339: when it was said. */
  createdAt: string
  state: 'remembered' | 'excluded' | 'forgotten'
  /** Whether it is excluded by itself or with its whole chat; null: it is not. */
  excludedBy: 'message' | 'chat' | null
  pinned: boolean
  corrected: boolean
  indexed: Remembered['indexed']
  /** Of a search by meaning: calibrated probability, 0..1. */
  relevance?: number
  relevanceWord?: SearchResult['relevance_word']
}

function excludedBy({ mark, chatExcluded }: Remembered): MemoryItem['excludedBy'] {
  if (mark === 'forgotten') return null
  if (mark === 'excluded') return 'message'
  return chatExcluded ? 'chat' : null
}

/** What the browser gets of a remembered message; `result`: how a search found it. */
export function memoryItem(message: Remembered, result?: SearchResult): MemoryItem {
  const { mark, said, corrected, pinnedAt } = message
  const by = excludedBy(message)
  return {
    messageId: message.id,
    chatId: message.chatId,
    chatTitle: message.chatTitle,
    speaker: message.role,
    text: mark === 'forgotten' ? '' : (corrected ?? said),
    said,
    createdAt: message.createdAt.toISOString(),
    state: mark === 'forgotten' ? 'forgotten' : by === null ? 'remembered' : 'excluded',
    excludedBy: by,
    pinned: pinnedAt !== null,
    corrected: corrected !== null,
    indexed: message.indexed,
    ...(result && { relevance: result.relevance, relevanceWord: result.relevance_word }),
  }
}
