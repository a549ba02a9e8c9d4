import type { MemoryCounts, MemoryItem } from '@/memory/wire'

export type { MemoryCounts, MemoryItem, MemoryPage, Proof } from '@/memory/wire'

export const MEMORY_FILTERS = ['all', 'pinned', 'corrected', 'excluded', 'forgotten'] as const
export type MemoryFilter = (typeof MEMORY_FILTERS)[number]

/** How many messages a filter shows; `all` is everything that memory holds. */
export function countOf(filter: MemoryFilter, counts: MemoryCounts): number {
  return filter === 'all' ? counts.remembered + counts.excluded : counts[filter]
}

/** Where, in a search's results, only weak matches follow; the length where none do. */
export function weakFrom(items: MemoryItem[]): number {
  return items.findLastIndex(({ relevanceWord }) => relevanceWord !== 'low') + 1
}
