import 'server-only'

import { MEMORY_FILTERS, type MemoryFilter, type MemoryPage } from '@/components/memory/memory-item'
import { listMemory } from '@/memory/list'
import { runtime } from '@/runtime'

type Shown = {
  page: MemoryPage
  filter: MemoryFilter
  /** Only of this chat; null: of all. */
  chat: { id: string; title: string } | null
}

const FIRST_PAGE = 60

/** The first page of memory as the address wants it; what the address names wrongly counts as unnamed. */
export async function readMemory(wanted: { state: unknown; chat: unknown }): Promise<Shown> {
  const made = runtime()
  const filter = MEMORY_FILTERS.find((each) => each === wanted.state) ?? 'all'
  const found = typeof wanted.chat === 'string' ? await made.store.chats.find(wanted.chat) : null
  const page = await listMemory(made, {
    query: '',
    filter,
    chatId: found?.id ?? null,
    cursor: null,
    limit: FIRST_PAGE,
    requestId: crypto.randomUUID(),
    signal: AbortSignal.timeout(10_000),
  })
  return { page, filter, chat: found && { id: found.id, title: found.title } }
}
