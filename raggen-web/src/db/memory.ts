import type { Database, Tx } from './database'
import { eraseRecalled, eraseTitle, eraseTurn } from './erasure'
import { forgetGolden } from './golden'
import { enqueueDeletes, enqueueUpsert } from './outbox'
import { eraseQuotes } from './quotes'
import { createRememberedList, type RememberedList } from './remembered'

import { Conflict, NotFound } from '@/errors'

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

/** What a person wants of a message; absent: as it is. `text` null: as said. */
export type MemoryChange = { pinned?: boolean; excluded?: boolean; text?: string | null }

export type MemoryStore = RememberedList & {
  /**
   * Chats that are excluded or being deleted; messages that are excluded by themselves, or forgotten
   * but not yet gone from raggen-embed.
   */
  exclusions: () => Promise<Exclusions>
  /** The earliest pinned first, so that a later pin moves none; of excluded and deleted chats none. */
  pinned: (limit: number) => Promise<PinnedMessage[]>
  /**
   * All or none of them. Pinning includes again, excluding unpins. A new text is a new version for raggen-embed; the same
   * text again is one only where raggen-embed had refused it.
   * @throws NotFound message_not_found; Conflict not_remembered, already_forgotten.
   */
  change: (ids: string[], change: MemoryChange, at: Date) => Promise<void>
  /**
   * Asks raggen-embed to delete these, takes their words out of context lists, receipts and a title that was
   * made of them and, where `eraseFromChat`, out of their chat: one transaction. Forgetting twice changes nothing more.
   * @throws NotFound message_not_found; Conflict not_remembered.
   */
  forget: (ids: string[], options: { eraseFromChat: boolean; at: Date }) => Promise<void>
  /** What the database still keeps for a message that was forgotten. */
  traces: (id: string) => Promise<{ outbox: boolean; receipts: number }>
}

/** Messages for which a delete waits: more at once only come from whole chats, which are excluded as such. */
const MAX_DELETING = 2_000

type Known = NonNullable<Awaited<ReturnType<typeof known>>>

/** @throws NotFound, Conflict */
async function known(tx: Tx, id: string) {
  const message = await tx.message.findFirst({
    where: { id, chat: { deletedAt: null } },
    include: { embedding: true, chat: { select: { title: true, titledBy: true } } },
  })
  if (!message) throw new NotFound('message_not_found', 'no such message')
  if (!message.embedding && message.memory !== 'forgotten') {
    throw new Conflict('not_remembered', 'memory never took this message')
  }
  return message
}

function marks(message: Known, { pinned, excluded }: MemoryChange, at: Date) {
  if (pinned === true) return { memory: 'remembered', pinnedAt: message.pinnedAt ?? at }
  if (excluded === true) return { memory: 'excluded', pinnedAt: null }
  return {
    ...(excluded === false && { memory: 'remembered' }),
    ...(pinned === false && { pinnedAt: null }),
  }
}

async function change(tx: Tx, id: string, wanted: MemoryChange, at: Date): Promise<void> {
  const message = await known(tx, id)
  if (message.memory === 'forgotten') {
    throw new Conflict('already_forgotten', 'this message was forgotten')
  }
  await tx.message.update({ where: { id }, data: marks(message, wanted, at) })
  if (wanted.text === undefined) return
  const memoryText = wanted.text === message.text ? null : wanted.text
  const refused = message.embedding?.state === 'failed'
  if (memoryText === message.memoryText && !refused) return
  const version = message.version + 1
  await tx.message.update({ where: { id }, data: { memoryText, version } })
  await enqueueUpsert(tx, { id, version }, at)
}

/** A chat's first title is the beginning of its first message: memory would go on telling it. */
function gaveTitle({ text, chat: { title } }: Known): boolean {
  const start = title.replace(/…$/, '')
  return start !== '' && text.trim().replace(/\s+/g, ' ').startsWith(start)
}

/** The words in the chat itself, and a title that a model made of them. */
async function eraseSaid(tx: Tx, message: Known): Promise<void> {
  const { id, chatId, seq, text, parentId, chat } = message
  if (text === '') return
  for (const said of [text, message.memoryText ?? '']) {
    if (said !== '') await eraseQuotes(tx, { chatId, said })
  }
  await tx.message.update({ where: { id }, data: { text: '' } })
  await eraseTurn(tx, { chatId, seq, text })
  if (chat.titledBy === 'model' && parentId === null) await eraseTitle(tx, chatId)
}

async function forget(
  tx: Tx,
  id: string,
  { eraseFromChat, at }: { eraseFromChat: boolean; at: Date },
): Promise<void> {
  const message = await known(tx, id)
  if (message.memory !== 'forgotten') {
    await enqueueDeletes(tx, [message], at)
    await tx.embedding.deleteMany({ where: { messageId: id } })
    await tx.message.update({
      where: { id },
      data: {
        memory: 'forgotten',
        memoryText: null,
        pinnedAt: null,
        version: message.version + 1,
      },
    })
  }
  const { chatId: sourceChatId } = message
  await eraseRecalled(tx, { sourceChatId, sourceMessageId: id }, { gone: false })
  await forgetGolden(tx, id)
  if (gaveTitle(message)) await eraseTitle(tx, sourceChatId)
  if (eraseFromChat) await eraseSaid(tx, message)
}

export function createMemory({ read, write, contains }: Database): MemoryStore {
  return {
    ...createRememberedList({ read, contains }),

    async exclusions() {
      // Every answer waits for this: one query instead of three.
      const rows = await read.$queryRaw<{ kind: string; id: string }[]>`
        SELECT 'chat' AS "kind", "id" FROM "Chat"
        WHERE "excludedAt" IS NOT NULL OR "deletedAt" IS NOT NULL
        UNION ALL
        SELECT 'message', "id" FROM "Message" WHERE "memory" = 'excluded'
        UNION ALL
        SELECT 'message', "id" FROM "Message" WHERE "memory" = 'forgotten' AND "id" IN
          (SELECT "itemId" FROM "Outbox" WHERE "op" = 'delete' ORDER BY "id" LIMIT ${MAX_DELETING})`
      const ids = (wanted: string) => rows.filter(({ kind }) => kind === wanted).map(({ id }) => id)
      return { chatIds: ids('chat'), messageIds: ids('message') }
    },

    async pinned(limit) {
      const rows = await read.message.findMany({
        where: {
          // A range and no `= 'remembered'`: of all that is remembered, SQLite would read everything.
          pinnedAt: { gte: new Date(0) },
          memory: { notIn: ['excluded', 'forgotten'] },
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

    change: (ids, wanted, at) =>
      write(async (tx) => {
        for (const id of ids) await change(tx, id, wanted, at)
      }),

    forget: (ids, options) =>
      write(async (tx) => {
        for (const id of ids) await forget(tx, id, options)
      }),

    async traces(id) {
      const waiting = await read.outbox.count({ where: { itemId: id } })
      const receipts = await read.contextItem.count({
        where: { sourceMessageId: id, OR: [{ text: { not: '' } }, { promptText: { not: null } }] },
      })
      return { outbox: waiting > 0, receipts }
    },
  }
}
