import { memoryItem } from './item'
import type { MemoryItem } from './wire'

import type { MemoryChange } from '@/db/memory'
import type { Store } from '@/db/store'
import { NotFound } from '@/errors'

/** In UTF-16 units: as long as a message may be. */
export const MAX_MEMORY_CHARS = 100_000

export type Bulk =
  | { action: 'exclude' | 'include' | 'pin' | 'unpin'; messageIds: string[] }
  | { action: 'forget'; messageIds: string[]; eraseFromChat: boolean }

const CHANGES = {
  exclude: { excluded: true },
  include: { excluded: false },
  pin: { pinned: true },
  unpin: { pinned: false },
} as const satisfies Record<string, MemoryChange>

async function itemOf(store: Store, id: string): Promise<MemoryItem> {
  const message = await store.memory.find(id)
  if (!message) throw new NotFound('message_not_found', 'no such message')
  return memoryItem(message)
}

/** @throws NotFound message_not_found; Conflict not_remembered, already_forgotten. */
export async function changeMemory(
  store: Store,
  id: string,
  change: MemoryChange,
): Promise<MemoryItem> {
  await store.memory.change([id], change, new Date())
  return itemOf(store, id)
}

/** @throws NotFound message_not_found; Conflict not_remembered. */
export async function forget(
  store: Store,
  id: string,
  eraseFromChat: boolean,
): Promise<MemoryItem> {
  await store.memory.forget([id], { eraseFromChat, at: new Date() })
  return itemOf(store, id)
}

/** What is not in memory any more (another tab forgot it) is passed over; the rest is done at once. */
export async function governMany(store: Store, bulk: Bulk): Promise<MemoryItem[]> {
  const held = await store.memory.among(bulk.messageIds, { filter: 'all', chatId: null })
  const ids = [...held.keys()]
  if (bulk.action === 'forget') {
    await store.memory.forget(ids, { eraseFromChat: bulk.eraseFromChat, at: new Date() })
  } else await store.memory.change(ids, CHANGES[bulk.action], new Date())
  const items = await Promise.all(bulk.messageIds.map((id) => store.memory.find(id)))
  return items.flatMap((item) => (item ? memoryItem(item) : []))
}
