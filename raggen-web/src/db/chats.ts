import type { Database, Tx } from './database'
import { eraseRecalled } from './erasure'
import type { Prisma } from './generated/client'
import { dropGoldenOf } from './golden'
import { enqueueDeletes } from './outbox'

import { ChatSettings } from '@/chat/settings'
import { Gone, NotFound } from '@/errors'

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

/** What a person may change of a chat; absent: stays. */
export type ChatChange = { title?: string; pinned?: boolean; excluded?: boolean }

/** A hidden chat is there for `restore`, `remove` and `purge` alone. */
export type Chats = {
  /** The pinned first, then by their latest message. */
  list: (limit?: number) => Promise<Chat[]>
  find: (id: string) => Promise<Chat | null>
  titles: (ids: string[]) => Promise<Map<string, string>>
  /** @throws NotFound */
  change: (id: string, change: ChatChange, at: Date) => Promise<Chat>
  /** @throws NotFound */
  rename: (id: string, title: string) => Promise<Chat>
  /** A title by the model; a person's stays. false: it stayed. */
  entitle: (id: string, title: string) => Promise<boolean>
  /** @throws NotFound */
  configure: (id: string, settings: ChatSettings) => Promise<Chat>
  /** Shows the branch that ends in `leafId`. @throws NotFound */
  show: (id: string, leafId: string) => Promise<Chat>
  /** Deleted for its person; `restore` takes it back until `purge`. @throws NotFound */
  hide: (id: string, at: Date) => Promise<void>
  /** @throws NotFound; Gone when the chat was erased. */
  restore: (id: string) => Promise<Chat>
  /** Removes what was hidden before `before`; returns how many chats that were. */
  purge: (before: Date, at: Date) => Promise<number>
  /**
   * Erases the chat with all that came of it, asks raggen-embed to forget its items, and takes its
   * texts out of the context lists and receipts of other chats' answers: one transaction. Of the chat
   * remains that it was there.
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

const notFound = () => new NotFound('chat_not_found', 'no such chat')

const MAX_LISTED = 1000

/** @throws NotFound */
async function remove(tx: Tx, id: string, at: Date): Promise<void> {
  const messages = await tx.message.findMany({
    where: { chatId: id, embedding: { isNot: null } },
    orderBy: { seq: 'asc' },
    select: { id: true, version: true },
  })
  await dropGoldenOf(tx, id)
  const { count } = await tx.chat.deleteMany({ where: { id } })
  if (count === 0) throw notFound()
  const erased = { chatId: id, erasedAt: at }
  await tx.tombstone.upsert({ where: { chatId: id }, create: erased, update: erased })
  await enqueueDeletes(tx, messages, at)
  const elsewhere = { sourceChatId: id, answer: { chatId: { not: id } } }
  await eraseRecalled(tx, elsewhere, { gone: true })
}

export function createChats({ read, write }: Database): Chats {
  const update = (id: string, data: Prisma.ChatUpdateManyMutationInput) =>
    write(async (tx) => {
      const { count } = await tx.chat.updateMany({ where: { id, deletedAt: null }, data })
      if (count === 0) throw notFound()
      return chat(await tx.chat.findUniqueOrThrow({ where: { id } }))
    })

  return {
    async list(limit = MAX_LISTED) {
      const rows = await read.chat.findMany({
        where: { deletedAt: null },
        orderBy: [{ pinnedAt: { sort: 'desc', nulls: 'last' } }, { updatedAt: 'desc' }],
        take: limit,
      })
      const latestFirst = (a: Chat, b: Chat) => b.updatedAt.getTime() - a.updatedAt.getTime()
      const isPinned = ({ pinnedAt }: Chat) => (pinnedAt === null ? 0 : 1)
      return rows.map(chat).sort((a, b) => isPinned(b) - isPinned(a) || latestFirst(a, b))
    },

    async find(id) {
      const row = await read.chat.findUnique({ where: { id, deletedAt: null } })
      return row && chat(row)
    },

    async titles(ids) {
      const chats = await read.chat.findMany({
        where: { id: { in: ids }, deletedAt: null },
        select: { id: true, title: true },
      })
      return new Map(chats.map(({ id, title }) => [id, title]))
    },

    change: (id, { title, pinned, excluded }, at) =>
      update(id, {
        ...(title !== undefined && { title, titledBy: 'person' }),
        ...(pinned !== undefined && { pinnedAt: pinned ? at : null }),
        ...(excluded !== undefined && { excludedAt: excluded ? at : null }),
      }),

    rename: (id, title) => update(id, { title, titledBy: 'person' }),

    entitle: (id, title) =>
      write(async (tx) => {
        const { count } = await tx.chat.updateMany({
          where: { id, titledBy: { not: 'person' } },
          data: { title, titledBy: 'model' },
        })
        return count > 0
      }),

    configure: (id, settings) => update(id, { settings }),

    show: (id, leafId) => update(id, { leafId }),

    hide: async (id, deletedAt) => void (await update(id, { deletedAt })),

    restore: (id) =>
      write(async (tx) => {
        if (await tx.tombstone.findUnique({ where: { chatId: id } }))
          throw new Gone('chat_deleted', 'this chat was erased')
        const { count } = await tx.chat.updateMany({ where: { id }, data: { deletedAt: null } })
        if (count === 0) throw notFound()
        return chat(await tx.chat.findUniqueOrThrow({ where: { id } }))
      }),

    async purge(before, at) {
      const where = { deletedAt: { lte: before } }
      const overdue = await read.chat.findMany({ where, select: { id: true } })
      for (const { id } of overdue) {
        await write(async (tx) => {
          const still = await tx.chat.findUnique({ where: { id, ...where } }) // Or restored by now.
          if (still) await remove(tx, id, at)
        })
      }
      return overdue.length
    },

    remove: (id, at) => write((tx) => remove(tx, id, at)),
  }
}
