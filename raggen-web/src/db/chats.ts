import type { Database, Tx } from './database'
import { enqueueDeletes } from './outbox'

import { NotFound } from '@/errors'

export type Chat = { id: string; title: string; createdAt: Date; updatedAt: Date }

export type Chats = {
  /** The latest first. */
  list: () => Promise<Chat[]>
  find: (id: string) => Promise<Chat | null>
  titles: (ids: string[]) => Promise<Map<string, string>>
  /** @throws NotFound */
  rename: (id: string, title: string) => Promise<Chat>
  /**
   * Deletes the chat with all that came of it, asks raggen-embed to forget its items, and takes its
   * texts out of the context lists and receipts of other chats' answers: one transaction.
   * @throws NotFound
   */
  remove: (id: string, at: Date) => Promise<void>
}

const MAX_LISTED = 1000
const ERASED = '[deleted]'

/** What other chats' answers keep of this chat: the scores stay, the words go. */
async function eraseQuotedElsewhere(tx: Tx, chatId: string): Promise<void> {
  const quoted = await tx.contextItem.findMany({
    where: { sourceChatId: chatId, answer: { chatId: { not: chatId } } },
  })
  for (const item of quoted) {
    const receipt =
      item.promptText && (await tx.receipt.findUnique({ where: { answerId: item.answerId } }))
    if (receipt && item.promptText) {
      const erased = JSON.stringify(receipt.messages).replaceAll(
        JSON.stringify(item.promptText).slice(1, -1),
        ERASED,
      )
      await tx.receipt.update({
        where: { answerId: item.answerId },
        data: { messages: JSON.parse(erased) as object[] },
      })
    }
    await tx.contextItem.update({
      where: { answerId_rank: { answerId: item.answerId, rank: item.rank } },
      data: { text: '', highlights: [], reasons: [], promptText: null, sourceChatId: null },
    })
  }
}

export function createChats({ read, write }: Database): Chats {
  return {
    list: () => read.chat.findMany({ orderBy: { updatedAt: 'desc' }, take: MAX_LISTED }),

    find: (id) => read.chat.findUnique({ where: { id } }),

    async titles(ids) {
      const chats = await read.chat.findMany({
        where: { id: { in: ids } },
        select: { id: true, title: true },
      })
      return new Map(chats.map(({ id, title }) => [id, title]))
    },

    rename: (id, title) =>
      write(async (tx) => {
        const { count } = await tx.chat.updateMany({ where: { id }, data: { title } })
        if (count === 0) throw new NotFound('chat_not_found', 'no such chat')
        return tx.chat.findUniqueOrThrow({ where: { id } })
      }),

    remove: (id, at) =>
      write(async (tx) => {
        const messages = await tx.message.findMany({
          where: { chatId: id, embedding: { isNot: null } },
          select: { id: true, version: true },
        })
        const { count } = await tx.chat.deleteMany({ where: { id } })
        if (count === 0) throw new NotFound('chat_not_found', 'no such chat')
        await enqueueDeletes(tx, messages, at)
        await eraseQuotedElsewhere(tx, id)
      }),
  }
}
