import type { MemoryItem } from './wire'

import type { Remembered } from '@/db/remembered'
import type { SearchResult } from '@/embed/client'

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
