import type { Database } from './database'
import type { Prisma } from './generated/client'

/** What memory was told to do with a message. */
export type MemoryMark = 'remembered' | 'excluded' | 'forgotten'
/** Which of all that memory knows; `all`: everything that it holds, so nothing forgotten. */
export type MemoryFilter = 'all' | 'remembered' | 'pinned' | 'corrected' | 'excluded' | 'forgotten'

/** A message as memory stands with it. */
export type Remembered = {
  id: string
  chatId: string
  chatTitle: string
  /** Its chat as a whole is never recalled. */
  chatExcluded: boolean
  seq: number
  role: 'user' | 'assistant'
  /** Verbatim in the chat; '' where its person erased it there too. */
  said: string
  /** What memory holds instead; null: as said. */
  corrected: string | null
  mark: MemoryMark
  pinnedAt: Date | null
  createdAt: Date
  /** Where raggen-embed stands with it; `gone`: forgotten, and it has confirmed that. */
  indexed: 'pending' | 'indexed' | 'failed' | 'gone'
}

/** The place of a message in the list, the newest first. */
export type ListPlace = { createdAt: Date; seq: number; id: string }
/** Every term must occur, in one of its spellings (see src/search/words.ts). */
export type Terms = string[][]

export type ListQuery = {
  filter: MemoryFilter
  chatId: string | null
  /** The last one of the page before. */
  after: ListPlace | null
  limit: number
}

export type MemoryCounts = Record<Exclude<MemoryFilter, 'all'> | 'pending' | 'failed', number>

/** What memory ever took, of chats that are not being deleted. */
const KNOWN: Prisma.MessageWhereInput = {
  chat: { deletedAt: null },
  OR: [{ embedding: { isNot: null } }, { memory: 'forgotten' }],
}
const HELD: Prisma.MessageWhereInput = {
  chat: { deletedAt: null },
  embedding: { isNot: null },
  memory: { not: 'forgotten' },
}
const FILTERS: Record<MemoryFilter, Prisma.MessageWhereInput> = {
  all: HELD,
  remembered: { ...HELD, memory: 'remembered', chat: { deletedAt: null, excludedAt: null } },
  pinned: { ...HELD, pinnedAt: { not: null } },
  corrected: { ...HELD, memoryText: { not: null } },
  excluded: {
    ...HELD,
    OR: [{ memory: 'excluded' }, { chat: { excludedAt: { not: null } } }],
  },
  forgotten: { chat: { deletedAt: null }, memory: 'forgotten' },
}

const SELECT = {
  id: true,
  chatId: true,
  seq: true,
  role: true,
  text: true,
  memoryText: true,
  memory: true,
  pinnedAt: true,
  createdAt: true,
  chat: { select: { title: true, excludedAt: true } },
  embedding: { select: { state: true } },
} as const

type Row = Prisma.MessageGetPayload<{ select: typeof SELECT }>

function remembered(row: Row, deleting: Set<string>): Remembered {
  const mark = row.memory as MemoryMark
  const gone = deleting.has(row.id) ? 'pending' : 'gone'
  return {
    id: row.id,
    chatId: row.chatId,
    chatTitle: row.chat.title,
    chatExcluded: row.chat.excludedAt !== null,
    seq: row.seq,
    role: row.role === 'assistant' ? 'assistant' : 'user',
    said: row.text,
    corrected: row.memoryText,
    mark,
    pinnedAt: row.pinnedAt,
    createdAt: row.createdAt,
    indexed:
      mark === 'forgotten'
        ? gone
        : ((row.embedding?.state ?? 'pending') as 'pending' | 'indexed' | 'failed'),
  }
}

/** Older than `place`, in the order of the list. */
function after({ createdAt, seq, id }: ListPlace): Prisma.MessageWhereInput {
  return {
    createdAt: { lte: createdAt },
    OR: [
      { createdAt: { lt: createdAt } },
      { createdAt, seq: { lt: seq } },
      { createdAt, seq, id: { lt: id } },
    ],
  }
}

const ORDER: Prisma.MessageOrderByWithRelationInput[] = [
  { createdAt: 'desc' },
  { seq: 'desc' },
  { id: 'desc' },
]

export type RememberedList = {
  /** The newest first. */
  list: (query: ListQuery) => Promise<Remembered[]>
  /** Of these, those that memory knows and `filter` lets through. */
  among: (
    ids: string[],
    query: Pick<ListQuery, 'filter' | 'chatId'>,
  ) => Promise<Map<string, Remembered>>
  /** Those whose words, as memory holds them, have the terms; the newest first. */
  withTerms: (
    terms: Terms,
    query: Pick<ListQuery, 'filter' | 'chatId' | 'limit'>,
  ) => Promise<Remembered[]>
  /** null: memory never took it. */
  find: (id: string) => Promise<Remembered | null>
  counts: (chatId: string | null) => Promise<MemoryCounts>
}

/** Reads what memory knows. Pages are read off the index that has their order, whatever their depth. */
export function createRememberedList({
  read,
  contains,
}: Pick<Database, 'read' | 'contains'>): RememberedList {
  async function rows(
    where: Prisma.MessageWhereInput,
    limit: number | undefined,
  ): Promise<Remembered[]> {
    const found = await read.message.findMany({
      where,
      orderBy: ORDER,
      take: limit,
      select: SELECT,
    })
    const forgotten = found.filter(({ memory }) => memory === 'forgotten').map(({ id }) => id)
    const deletes = await read.outbox.findMany({
      where: { itemId: { in: forgotten }, op: 'delete' },
      select: { itemId: true },
    })
    const deleting = new Set(deletes.map(({ itemId }) => itemId))
    return found.map((row) => remembered(row, deleting))
  }
  const chosen = ({ filter, chatId }: Pick<ListQuery, 'filter' | 'chatId'>) => [
    FILTERS[filter],
    ...(chatId === null ? [] : [{ chatId }]),
  ]

  return {
    list: ({ after: place, limit, ...query }) =>
      rows({ AND: [...chosen(query), ...(place ? [after(place)] : [])] }, limit),

    async among(ids, query) {
      const found = await rows({ AND: [...chosen(query), { id: { in: ids } }] }, undefined)
      return new Map(found.map((row) => [row.id, row]))
    },

    withTerms: (terms, { limit, ...query }) =>
      rows(
        {
          AND: [
            ...chosen(query),
            ...terms.map((spellings) => ({
              OR: spellings.flatMap((spelling) => [
                { memoryText: contains(spelling) },
                { memoryText: null, text: contains(spelling) },
              ]),
            })),
          ],
        },
        limit,
      ),

    async find(id) {
      const [row] = await rows({ AND: [KNOWN, { id }] }, 1)
      return row ?? null
    },

    counts: (chatId) => counts(read, chatId),
  }
}

/** One pass: a count of each kind by itself would read all messages seven times. */
async function counts(read: Database['read'], chatId: string | null): Promise<MemoryCounts> {
  const [row] = await read.$queryRaw<Record<keyof MemoryCounts, bigint | number | null>[]>`
    SELECT
      SUM(CASE WHEN "excluded" = 0 AND "held" = 1 THEN 1 ELSE 0 END) AS "remembered",
      SUM(CASE WHEN "excluded" = 1 AND "held" = 1 THEN 1 ELSE 0 END) AS "excluded",
      SUM(CASE WHEN "pinned" = 1 AND "held" = 1 THEN 1 ELSE 0 END) AS "pinned",
      SUM(CASE WHEN "corrected" = 1 AND "held" = 1 THEN 1 ELSE 0 END) AS "corrected",
      SUM(CASE WHEN "held" = 0 THEN 1 ELSE 0 END) AS "forgotten",
      SUM(CASE WHEN "state" = 'pending' AND "held" = 1 THEN 1 ELSE 0 END) AS "pending",
      SUM(CASE WHEN "state" = 'failed' AND "held" = 1 THEN 1 ELSE 0 END) AS "failed"
    FROM (
      SELECT
        CASE WHEN m."memory" = 'forgotten' THEN 0 ELSE 1 END AS "held",
        CASE WHEN m."memory" = 'excluded' OR c."excludedAt" IS NOT NULL THEN 1 ELSE 0 END AS "excluded",
        CASE WHEN m."pinnedAt" IS NOT NULL THEN 1 ELSE 0 END AS "pinned",
        CASE WHEN m."memoryText" IS NOT NULL THEN 1 ELSE 0 END AS "corrected",
        e."state" AS "state"
      FROM "Message" m
      JOIN "Chat" c ON c."id" = m."chatId"
      LEFT JOIN "Embedding" e ON e."messageId" = m."id"
      WHERE c."deletedAt" IS NULL
        AND (e."messageId" IS NOT NULL OR m."memory" = 'forgotten')
        AND (CAST(${chatId} AS TEXT) IS NULL OR m."chatId" = ${chatId})
    ) AS "known"`
  const of = (name: keyof MemoryCounts) => Number(row?.[name] ?? 0)
  return {
    remembered: of('remembered'),
    pinned: of('pinned'),
    corrected: of('corrected'),
    excluded: of('excluded'),
    forgotten: of('forgotten'),
    pending: of('pending'),
    failed: of('failed'),
  }
}
