import type { Database } from './database'
import { eraseRecalled } from './erasure'
import type { Prisma } from './generated/client'
import { enqueueDeletes } from './outbox'

import { ChatSettings } from '@/chat/settings'
import { NotFound } from '@/errors'

export type Chat = {
  id: string
  title: string
  /** Who made the title; a person's stays. */
  titledBy: 'question' | 'model' | 'person'
  createdAt: Date
  updatedAt: Date
  pinnedAt: Date | null
  /** Since when nothing said in it is recalled. */
  excludedAt: Date | null
  /** The last message of the branch that is shown; null: nothing was said yet. */
  leafId: string | null
  /** What it sets otherwise than the defaults. */
  settings: ChatSettings
}

export type Chats = {
  /** The latest first. */
  list: () => Promise<Chat[]>
  find: (id: string) => Promise<Chat | null>
  titles: (ids: string[]) => Promise<Map<string, string>>
  /** @throws NotFound */
  rename: (id: string, title: string) => Promise<Chat>
  /** @throws NotFound */
  configure: (id: string, settings: ChatSettings) => Promise<Chat>
  /**
   * Deletes the chat with all that came of it, asks raggen-embed to forget its items, and takes its
   * texts out of the context lists and receipts of other chats' answers: one transaction.
   * @throws NotFound
   */
  remove: (id: string, at: Date) => Promise<void>
}

type Row = Omit<Chat, 'titledBy' | 'settings'> & { titledBy: string; settings: unknown }

/** Settings that do not parse (written by another version) count as none. */
export function chat(row: Row): Chat {
  const { id, title, createdAt, updatedAt, pinnedAt, excludedAt, leafId } = row
  const titledBy = row.titledBy as Chat['titledBy']
  const settings = ChatSettings.safeParse(row.settings).data ?? ChatSettings.parse({})
  return { id, title, titledBy, createdAt, updatedAt, pinnedAt, excludedAt, leafId, settings }
}

const MAX_LISTED = 1000

export function createChats({ read, write }: Database): Chats {
  const change = (id: string, data: Prisma.ChatUpdateManyMutationInput) =>
    write(async (tx) => {
      const { count } = await tx.chat.updateMany({ where: { id }, data })
      if (count === 0) throw new NotFound('chat_not_found', 'no such chat')
      return chat(await tx.chat.findUniqueOrThrow({ where: { id } }))
    })

  return {
    async list() {
      const rows = await read.chat.findMany({ orderBy: { updatedAt: 'desc' }, take: MAX_LISTED })
      return rows.map(chat)
    },

    async find(id) {
      const row = await read.chat.findUnique({ where: { id } })
      return row && chat(row)
    },

    async titles(ids) {
      const chats = await read.chat.findMany({
        where: { id: { in: ids } },
        select: { id: true, title: true },
      })
      return new Map(chats.map(({ id, title }) => [id, title]))
    },

    rename: (id, title) => change(id, { title }),

    configure: (id, settings) => change(id, { settings }),

    remove: (id, at) =>
      write(async (tx) => {
        const messages = await tx.message.findMany({
          where: { chatId: id, embedding: { isNot: null } },
          select: { id: true, version: true },
        })
        const { count } = await tx.chat.deleteMany({ where: { id } })
        if (count === 0) throw new NotFound('chat_not_found', 'no such chat')
        await enqueueDeletes(tx, messages, at)
        const elsewhere = { sourceChatId: id, answer: { chatId: { not: id } } }
        await eraseRecalled(tx, elsewhere, { gone: true })
      }),
  }
}
