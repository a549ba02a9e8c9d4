import type { Database } from './database'
import type { Prisma } from './generated/client'

import type { ContextItem, MemoryState, Rating, Reason } from '@/chat/message'

export type Thumbs = { up: number; down: number }
type Words = Record<ContextItem['relevanceWord'], number>

/** How the answers of a time did, counted. */
export type Figures = {
  /** Answers that raggen gave and that are stored: neither imported ones of others nor deleted ones. */
  answers: number
  /** Of these, how many had a piece of context in their prompt, or quoted one. */
  withContext: number
  memory: Record<MemoryState, number>
  /** Pieces whose relevance a search measured, by its word: given to the answer, or left out. */
  relevance: { given: Words; leftOut: Words }
  thumbs: Thumbs
  itemThumbs: Thumbs
  providers: (Thumbs & { provider: string; model: string | null; answers: number })[]
  /** Rated pieces by why they were found; one that has several reasons counts for each. */
  reasons: (Thumbs & { reason: Reason['kind'] })[]
  /** Answers with a thumb down, or with more pieces down than up; the worst first. */
  worst: (Thumbs & {
    messageId: string
    chatId: string
    createdAt: Date
    rating: Rating | null
  })[]
}

export type FiguresStore = {
  /** @param since null: from the beginning. */
  read: (since: Date | null) => Promise<Figures>
}

const WORST = 10
/** Of so many of the latest, the worst are looked for. */
const RATED = 500

function answersSince(since: Date | null): Prisma.MessageWhereInput {
  return {
    role: 'assistant',
    status: { not: 'streaming' },
    receipt: { isNot: null },
    chat: { deletedAt: null },
    ...(since && { createdAt: { gte: since } }),
  }
}

function thumbs(ratings: (number | null)[]): Thumbs {
  const count = (wanted: Rating) => ratings.filter((rating) => rating === wanted).length
  return { up: count(1), down: count(-1) }
}

type Read = Database['read']

async function providersOf(read: Read, where: Prisma.MessageWhereInput) {
  const groups = await read.message.groupBy({
    by: ['provider', 'model', 'rating'],
    where,
    _count: { _all: true },
  })
  const byAnswerer = Map.groupBy(groups, ({ provider, model }) => `${provider}\n${model}`)
  const rows = [...byAnswerer.values()].map((same) => {
    const sum = (rating?: Rating) =>
      same
        .filter((group) => rating === undefined || group.rating === rating)
        .reduce((total, { _count }) => total + _count._all, 0)
    const { provider, model } = same[0]! // A group has at least one.
    return { provider: provider ?? '', model, answers: sum(), up: sum(1), down: sum(-1) }
  })
  return rows.sort((a, b) => b.answers - a.answers)
}

async function memoryOf(read: Read, answer: Prisma.MessageWhereInput) {
  const groups = await read.receipt.groupBy({
    by: ['memoryState'],
    where: { answer },
    _count: { _all: true },
  })
  const of = (state: MemoryState) =>
    groups.find(({ memoryState }) => memoryState === state)?._count._all ?? 0
  return {
    used: of('used'),
    'nothing-relevant': of('nothing-relevant'),
    empty: of('empty'),
    unavailable: of('unavailable'),
    off: of('off'),
  }
}

async function relevanceOf(read: Read, answer: Prisma.MessageWhereInput) {
  const groups = await read.contextItem.groupBy({
    by: ['relevanceWord', 'included'],
    // What is only pinned was not searched for, and has the relevance 0.
    where: { answer, relevance: { gt: 0 } },
    _count: { _all: true },
  })
  const words = (included: boolean): Words => {
    const of = (word: keyof Words) =>
      groups.find((group) => group.relevanceWord === word && group.included === included)?._count
        ._all ?? 0
    return { high: of('high'), medium: of('medium'), low: of('low') }
  }
  return { given: words(true), leftOut: words(false) }
}

async function itemsRated(read: Read, answer: Prisma.MessageWhereInput) {
  const items = await read.contextItem.findMany({
    where: { answer, rating: { not: null } },
    select: { answerId: true, rating: true, reasons: true },
  })
  const reasons = items.flatMap((item) =>
    (item.reasons as Reason[]).map(({ kind }) => ({ kind, rating: item.rating })),
  )
  const byReason = [...Map.groupBy(reasons, ({ kind }) => kind)].map(([reason, same]) => {
    return { reason, ...thumbs(same.map(({ rating }) => rating)) }
  })
  return { items, byReason: byReason.sort((a, b) => b.up + b.down - a.up - a.down) }
}

type RatedItem = Awaited<ReturnType<typeof itemsRated>>['items'][number]

async function worstOf(read: Read, where: Prisma.MessageWhereInput, items: RatedItem[]) {
  const answers = await read.message.findMany({
    where: { ...where, OR: [{ rating: -1 }, { context: { some: { rating: -1 } } }] },
    orderBy: { createdAt: 'desc' },
    take: RATED,
    select: { id: true, chatId: true, createdAt: true, rating: true },
  })
  const byAnswer = Map.groupBy(items, ({ answerId }) => answerId)
  const rows = answers.map(({ id, rating, ...answer }) => {
    const own = thumbs((byAnswer.get(id) ?? []).map((item) => item.rating))
    return { messageId: id, ...answer, rating: rating as Rating | null, ...own }
  })
  const badness = ({ rating, up, down }: (typeof rows)[number]) => down - up - (rating ?? 0) * 1000
  return rows
    .filter((row) => badness(row) > 0)
    .sort((a, b) => badness(b) - badness(a))
    .slice(0, WORST)
}

export function createFigures({ read }: Database): FiguresStore {
  return {
    async read(since) {
      const where = answersSince(since)
      const [providers, memory, relevance, withContext, rated] = await Promise.all([
        providersOf(read, where),
        memoryOf(read, where),
        relevanceOf(read, where),
        read.message.count({ where: { ...where, context: { some: { included: true } } } }),
        itemsRated(read, where),
      ])
      const sum = (of: (row: (typeof providers)[number]) => number) =>
        providers.reduce((total, row) => total + of(row), 0)
      return {
        answers: sum(({ answers }) => answers),
        withContext,
        memory,
        relevance,
        thumbs: { up: sum(({ up }) => up), down: sum(({ down }) => down) },
        itemThumbs: thumbs(rated.items.map(({ rating }) => rating)),
        providers,
        reasons: rated.byReason,
        worst: await worstOf(read, where, rated.items),
      }
    },
  }
}
