import { chat, type Chat } from './chats'
import type { Database } from './database'

/** A message as a search shows it: what stands in the chat. */
export type FoundMessage = {
  id: string
  chatId: string
  chatTitle: string
  role: 'user' | 'assistant'
  text: string
  createdAt: Date
}

/** Every term must occur, in one of its spellings. `_` stands for any one character. */
export type Terms = string[][]

export type Search = {
  /** Of these ids, those that may be shown: neither forgotten nor of a deleted chat. */
  messages: (ids: string[]) => Promise<Map<string, FoundMessage>>
  /**
   * Messages whose text holds the terms, the latest first. Neither forgotten ones nor what only quotes
   * memory: that is found where it was said.
   */
  withTerms: (terms: Terms, limit: number) => Promise<FoundMessage[]>
  /** Chats whose title holds the terms, the latest first. */
  titledWith: (terms: Terms, limit: number) => Promise<Chat[]>
  /** Chats that are deleted but not yet erased: raggen-embed still holds their messages. */
  deletedChats: () => Promise<string[]>
}

/** What may be searched: forgotten words are found nowhere, whatever the chat still shows. */
const SHOWN = { memory: { not: 'forgotten' }, chat: { deletedAt: null } }
const SELECT = {
  id: true,
  chatId: true,
  role: true,
  text: true,
  createdAt: true,
  chat: { select: { title: true } },
} as const

type Row = Omit<FoundMessage, 'role' | 'chatTitle'> & { role: string; chat: { title: string } }

function found({ role, chat: { title: chatTitle }, ...row }: Row): FoundMessage {
  return { ...row, chatTitle, role: role === 'assistant' ? 'assistant' : 'user' }
}

export function createSearch({ read }: Database): Search {
  return {
    async messages(ids) {
      const rows = await read.message.findMany({
        where: { id: { in: ids }, ...SHOWN },
        select: SELECT,
      })
      return new Map(rows.map((row) => [row.id, found(row)]))
    },

    async withTerms(terms, limit) {
      const rows = await read.message.findMany({
        where: {
          ...SHOWN,
          indexable: true,
          AND: terms.map((spellings) => ({
            OR: spellings.map((spelling) => ({ text: { contains: spelling } })),
          })),
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
        take: limit,
        select: SELECT,
      })
      return rows.map(found)
    },

    async titledWith(terms, limit) {
      const rows = await read.chat.findMany({
        where: {
          deletedAt: null,
          AND: terms.map((spellings) => ({
            OR: spellings.map((spelling) => ({ title: { contains: spelling } })),
          })),
        },
        orderBy: { updatedAt: 'desc' },
        take: limit,
      })
      return rows.map(chat)
    },

    async deletedChats() {
      const rows = await read.chat.findMany({
        where: { deletedAt: { not: null } },
        select: { id: true },
      })
      return rows.map(({ id }) => id)
    },
  }
}
