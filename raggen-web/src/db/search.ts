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
   * memory: that is found where it was said. Reads slice by slice, while `goOn` says so: nothing else
   * happens while SQLite reads, so it must never read for long.
   */
  withTerms: (terms: Terms, limit: number, goOn: () => boolean) => Promise<FoundMessage[]>
  /** Chats whose title holds the terms, the latest first. */
  titledWith: (terms: Terms, limit: number) => Promise<Chat[]>
  /** Chats that are deleted but not yet erased: raggen-embed still holds their messages. */
  deletedChats: () => Promise<string[]>
}

/** Messages that are read at once: some milliseconds. */
const SLICE = 2_000

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

export function createSearch({ read, contains }: Database): Search {
  /** Since when the latest messages before `before` were said that make a slice; null: it is the last. */
  async function sliceStart(before: Date | null): Promise<Date | null> {
    const [first] = await read.message.findMany({
      where: before === null ? {} : { createdAt: { lt: before } },
      orderBy: { createdAt: 'desc' },
      skip: SLICE - 1,
      take: 1,
      select: { createdAt: true },
    })
    return first?.createdAt ?? null
  }

  async function inSlice(terms: Terms, take: number, before: Date | null, since: Date | null) {
    const rows = await read.message.findMany({
      where: {
        ...SHOWN,
        indexable: true,
        createdAt: { ...(before && { lt: before }), ...(since && { gte: since }) },
        AND: terms.map((spellings) => ({
          OR: spellings.map((spelling) => ({ text: contains(spelling) })),
        })),
      },
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take,
      select: SELECT,
    })
    return rows.map(found)
  }

  return {
    async messages(ids) {
      const rows = await read.message.findMany({
        where: { id: { in: ids }, ...SHOWN },
        select: SELECT,
      })
      return new Map(rows.map((row) => [row.id, found(row)]))
    },

    async withTerms(terms, limit, goOn) {
      const messages: FoundMessage[] = []
      let before: Date | null = null
      while (messages.length < limit && goOn()) {
        const since = await sliceStart(before)
        messages.push(...(await inSlice(terms, limit - messages.length, before, since)))
        if (since === null) break
        before = since
      }
      return messages
    },

    async titledWith(terms, limit) {
      const rows = await read.chat.findMany({
        where: {
          deletedAt: null,
          AND: terms.map((spellings) => ({
            OR: spellings.map((spelling) => ({ title: contains(spelling) })),
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
