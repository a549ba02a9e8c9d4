import { freshQuery } from './compose'
import { effectiveIn } from './effective'
import type { ContextItem } from './message'
import { answererOf } from './providers'
import { findRelevant, itemsOf } from './retrieve'

import type { Golden } from '@/db/golden'
import type { Store } from '@/db/store'
import type { EmbedClient } from '@/embed/client'
import { NotReady } from '@/errors'
import type { Registry } from '@/llm/registry'

/** So many are listed and asked again. */
export const MOST_GOLDEN = 500

/** A person waits for figures, not for an answer: raggen-embed may be busy. */
const DEADLINE_MS = 10_000

export type ExpectedNow = {
  messageId: string
  /** When it was marked; null: no search had measured it. */
  relevanceBefore: number | null
  /** 1 is the best; null: it was not found. */
  rank: number | null
  relevance: number | null
}

/** A golden question, asked again. */
export type Replayed = {
  questionId: string
  chatId: string
  /** How many pieces an answer in its chat may stand on. */
  k: number
  expected: ExpectedNow[]
  /** Found though nobody expected it. */
  others: { messageId: string; rank: number; relevance: number }[]
  /** Share of what is expected that was found. */
  recall: number
  /** 1 / rank of the first that is expected; 0: none was found. */
  reciprocalRank: number
}

export type Replay = {
  replayedAt: string
  questions: Replayed[]
  /** Means over the questions; null: there are none. */
  recall: number | null
  mrr: number | null
  /** Golden questions of which nothing expected is stored any more. */
  skipped: number
}

export type ReplayDeps = { store: Store; embed: EmbedClient; registry: Registry }
type Asking = { requestId: string; signal: AbortSignal }

/** Compares what was found, the best first, with what is expected. */
export function compared(golden: Golden, found: ContextItem[], k: number): Replayed {
  const byMessage = new Map(found.map((item) => [item.messageId, item]))
  const ids = new Set(golden.expected.map(({ messageId }) => messageId))
  const expected = golden.expected.map(({ messageId, relevance: relevanceBefore }) => {
    const item = byMessage.get(messageId)
    const { rank = null, relevance = null } = item ?? {}
    return { messageId, relevanceBefore, rank, relevance }
  })
  const ranks = expected.flatMap(({ rank }) => rank ?? [])
  const others = found
    .filter(({ messageId }) => !ids.has(messageId))
    .map(({ messageId, rank, relevance }) => ({ messageId, rank, relevance }))
  return {
    questionId: golden.questionId,
    chatId: golden.chatId,
    k,
    expected,
    others,
    recall: expected.length === 0 ? 0 : ranks.length / expected.length,
    reciprocalRank: ranks.length === 0 ? 0 : 1 / Math.min(...ranks),
  }
}

/** @throws NotReady memory_unavailable */
async function askAgain(
  deps: ReplayDeps,
  golden: Golden,
  asking: Asking,
): Promise<Replayed | null> {
  const { store, registry } = deps
  const [question, chat] = await Promise.all([
    store.messages.find(golden.questionId),
    store.chats.find(golden.chatId),
  ])
  if (!question || !chat) return null // Deleted since it was listed.
  const { selection, ...settings } = await effectiveIn(store, chat.settings)
  const { context } = settings
  const query = freshQuery({
    chatId: chat.id,
    question,
    ...(await store.messages.before(question)),
    settings,
    context: { kind: 'fresh' },
    // What was said since, the question's own answers first of all, was not there to be found.
    saidBefore: question.createdAt,
    answerer: await answererOf(store, registry, selection, settings.generation),
    ...asking,
  })
  // Whether or not the chat uses memory, and without what is pinned: that is there without being found.
  const found = await findRelevant(
    { ...deps, deadlineMs: DEADLINE_MS },
    query,
    context.count,
  ).catch((cause: unknown) => {
    throw new NotReady('memory_unavailable', 'raggen-embed did not answer', { cause })
  })
  return compared(golden, await itemsOf(store, found.results, context), context.count)
}

const mean = (values: number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/**
 * Asks memory every golden question again, with the search and the settings that its answer would have
 * now, and compares what is found with what is expected. Asks no model and stores nothing.
 *
 * @throws NotReady memory_unavailable
 */
export async function replayGolden(deps: ReplayDeps, asking: Asking): Promise<Replay> {
  const { store } = deps
  const questions: Replayed[] = []
  let skipped = 0
  for (const golden of await store.golden.list(MOST_GOLDEN)) {
    asking.signal.throwIfAborted()
    const there = await store.messages.existing(golden.expected.map(({ messageId }) => messageId))
    const expected = golden.expected.filter(({ messageId }) => there.has(messageId))
    const asked = expected.length > 0 && (await askAgain(deps, { ...golden, expected }, asking))
    if (asked) questions.push(asked)
    else skipped += 1
  }
  return {
    replayedAt: new Date().toISOString(),
    questions,
    recall: mean(questions.map(({ recall }) => recall)),
    mrr: mean(questions.map(({ reciprocalRank }) => reciprocalRank)),
    skipped,
  }
}
