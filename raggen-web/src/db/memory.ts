import type { Database } from './database'

/** What no answer may recall, though raggen-embed holds it. */
export type Exclusions = { chatIds: string[]; messageIds: string[] }

/** Given to every answer, whatever is asked. */
export type PinnedMessage = {
  messageId: string
  chatId: string
  chatTitle: string
  speaker: 'user' | 'assistant'
  /** What memory holds: as said, or as a person corrected it. */
  text: string
  /** When it was said. */
  createdAt: Date
  pinnedAt: Date
}

export type MemoryStore = {
  /** Chats that are excluded or being deleted, and messages that are excluded by themselves. */
  exclusions: () => Promise<Exclusions>
  /** The earliest pinned first, so that a later pin moves none; of excluded and deleted chats none. */
  pinned: (limit: number) => Promise<PinnedMessage[]>
}

export function createMemory({ read }: Database): MemoryStore {
  return {
    async exclusions() {
      const chats = await read.chat.findMany({
        where: { OR: [{ excludedAt: { not: null } }, { deletedAt: { not: null } }] },
        select: { id: true },
      })
      const messages = await read.message.findMany({
        where: { memory: 'excluded' },
        select: { id: true },
      })
      return { chatIds: chats.map(({ id }) => id), messageIds: messages.map(({ id }) => id) }
    },

    async pinned(limit) {
      const rows = await read.message.findMany({
        where: {
          pinnedAt: { not: null },
          memory: 'remembered',
          chat: { excludedAt: null, deletedAt: null },
        },
        orderBy: [{ pinnedAt: 'asc' }, { id: 'asc' }],
        take: limit,
        include: { chat: { select: { title: true } } },
      })
      return rows.flatMap(({ id, chatId, chat, role, text, memoryText, createdAt, pinnedAt }) =>
        pinnedAt === null
          ? []
          : {
              messageId: id,
              chatId,
              chatTitle: chat.title,
              speaker: role === 'assistant' ? 'assistant' : 'user',
              text: memoryText ?? text,
              createdAt,
              pinnedAt,
            },
      )
    },
  }
}
