import type { ContextItem, Memory } from '@/chat/message'

/** One remembered sentence, as an answer stood on it. */
export function contextItem(changes: Partial<ContextItem> = {}): ContextItem {
  return {
    itemId: 'item-1',
    rank: 1,
    text: '🐶 Arrived. He is afraid of thunder. Good night.',
    speaker: 'user',
    chatId: 'chat-1',
    chatTitle: 'Archie',
    messageId: 'message-1',
    timestamp: '2026-11-11T21:30:00Z',
    relevance: 0.93,
    relevanceWord: 'high',
    cosine: 0.7,
    lexical: 3,
    reasons: [{ kind: 'words', terms: ['dog', 'afraid'] }, { kind: 'meaning' }],
    // Code points: the emoji before is one of them, and two of JavaScript's units.
    highlights: [{ start: 11, end: 35 }],
    included: true,
    omitted: null,
    ...changes,
  }
}

/** A memory that was used, with `count` items. */
export function usedMemory(count: number, changes: Partial<ContextItem> = {}): Memory {
  const items = Array.from({ length: count }, (_, index) =>
    contextItem({ itemId: `item-${index + 1}`, rank: index + 1, ...changes }),
  )
  return { state: 'used', items, tookMs: 12, earlier: null }
}
