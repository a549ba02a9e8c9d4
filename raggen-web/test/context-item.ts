import type { ContextItem } from '../src/chat/message'

/** A piece of memory of this rank and text; `change` says what else matters to the test. */
export function contextItem(
  rank: number,
  text: string,
  change: Partial<ContextItem> = {},
): ContextItem {
  return {
    itemId: `m${rank}`,
    rank,
    text,
    speaker: 'user',
    chatId: 'c1',
    chatTitle: 'Pets',
    messageId: `m${rank}`,
    timestamp: '2026-05-08T12:00:00.000Z',
    relevance: 0.9,
    relevanceWord: 'high',
    cosine: 0.6,
    lexical: 3,
    reasons: [{ kind: 'meaning' }],
    highlights: [{ start: 0, end: [...text].length }],
    included: false,
    omitted: null,
    ...change,
  }
}
