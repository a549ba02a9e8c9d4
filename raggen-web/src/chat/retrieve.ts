import { asksOnly, earlierTurns } from './earlier'
import { contextItem, pinnedItem } from './items'
import type { ContextItem, Memory } from './message'
import type { Turn } from './prompt'
import type { ContextSettings } from './settings'

import type { Exclusions } from '@/db/memory'
import type { Store } from '@/db/store'
import type { EmbedClient, SearchRequest, SearchResponse, SearchResult } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { whyUnanswered } from '@/embed/unavailable'
import { errorFields, type Logger } from '@/log'
import { meters } from '@/metrics/meters'

export type Query = {
  chatId: string
  question: string
  /** What was said before on the same branch, oldest first. */
  history: Turn[]
  /** The question itself, messages that the prompt holds anyway, messages on other branches. */
  excludeIds: string[]
  context: ContextSettings
  /** Only what was said before this moment; absent: all. */
  saidBefore?: Date
  requestId: string
  signal: AbortSignal
}

export type RetrieveDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  deadlineMs: number
}

const HIGHLIGHTS = 3
/** Some results are dropped here, so a few more are asked for. */
const SPARE = 4
/** What raggen-embed takes. */
const MAX_K = 100
const MAX_FILTER = 10_000
/** More would be a second system prompt. */
const MAX_PINNED = 20

/** Nothing of an excluded chat is recalled elsewhere; in the chat itself it was said a moment ago. */
async function exclusionsIn(store: Store, chatId: string): Promise<Exclusions> {
  const { chatIds, messageIds } = await store.memory.exclusions()
  return { chatIds: chatIds.filter((id) => id !== chatId), messageIds }
}

function chatsOf({ scope }: ContextSettings, chatId: string): string[] | null {
  if (scope.kind === 'this-chat') return [chatId]
  return scope.kind === 'chats' ? scope.chatIds : null
}

type Asking = Pick<Query, 'chatId' | 'question' | 'context' | 'saidBefore'> & {
  turns: Turn[]
  k: number
}

/** Whether the chat's settings leave out a part of the memory, which then may well hold something. */
function isNarrowed({ context, chatId }: Query): boolean {
  return chatsOf(context, chatId) !== null || context.languages.length > 0
}

/** What every search of an answer asks for. Lists longer than raggen-embed takes are cut: see `allowed`. */
function searchBody(query: Asking, excluded: Exclusions): SearchRequest {
  const { chatId, question, context, saidBefore, turns, k } = query
  const { minRelevance, recency, languages } = context
  return {
    text: question,
    k: Math.min(k, MAX_K),
    collections: [MESSAGES],
    conversations: chatsOf(context, chatId),
    exclude_conversations: excluded.chatIds.slice(0, MAX_FILTER),
    languages: languages.length > 0 ? languages : null,
    previous: turns.map(({ text }) => text),
    min_relevance: minRelevance,
    recency,
    ...(saidBefore && { before: saidBefore.toISOString() }),
    highlights: HIGHLIGHTS,
    explain: true,
  }
}

/** Drops what was deleted or excluded a moment ago, and what did not fit into the request's lists. */
async function allowed(
  store: Store,
  results: SearchResult[],
  excludeIds: string[],
  excluded: Exclusions,
): Promise<SearchResult[]> {
  const stored = await store.messages.existing(results.map(({ id }) => id))
  const ids = new Set([...excludeIds, ...excluded.messageIds])
  const chats = new Set(excluded.chatIds)
  return results.filter(
    ({ id, conversation }) =>
      stored.has(id) && !ids.has(id) && (conversation === null || !chats.has(conversation)),
  )
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/**
 * Searches without the results that only repeat one of `questions`, as somebody does who asks the
 * same in several chats. Relevance is measured against the best result too, and a repetition is the
 * best one and no answer: so where one was found, the search is done again without it.
 */
async function searchAnswers(
  search: (excludeIds: string[]) => Promise<SearchResponse>,
  excludeIds: string[],
  questions: string[],
): Promise<SearchResponse> {
  const asked = new Set(questions.map(plain))
  const repeats = ({ text }: SearchResult) => asked.has(plain(text))
  const first = await search(excludeIds)
  const found = first.results.filter(repeats).map(({ id }) => id)
  if (found.length === 0) return first
  const again = await search([...excludeIds, ...found]).catch(() => first) // Late is worse than less.
  return {
    ...first,
    results: again.results.filter((result) => !repeats(result)),
  }
}

export type Found = { response: SearchResponse; results: SearchResult[]; turns: Turn[] }

/**
 * One search with the filters of a chat, what may not be recalled left out. `change`: what is asked
 * for otherwise.
 *
 * @throws EmbedUnavailable, EmbedRefused
 */
export async function findRelevant(
  { store, embed, deadlineMs }: Omit<RetrieveDeps, 'log'>,
  query: Query,
  k: number,
  change: Partial<SearchRequest> = {},
): Promise<Found> {
  const excluded = await exclusionsIn(store, query.chatId)
  const turns = earlierTurns(query.history)
  // Searched with, a question would be its own best result and put the answers in its shade. A
  // statement stays: where no model has it before its eyes, it may be what is asked about.
  const asked = turns.filter(({ text }) => asksOnly(text))
  const options = {
    requestId: query.requestId,
    signal: AbortSignal.any([query.signal, AbortSignal.timeout(deadlineMs)]),
  }
  const body = { ...searchBody({ ...query, turns, k: k + SPARE }, excluded), ...change }
  const excludeIds = [...query.excludeIds, ...asked.map(({ id }) => id)]
  const response = await searchAnswers(
    (ids) => {
      const all = [...new Set([...ids, ...excluded.messageIds])]
      return embed.search({ ...body, exclude_ids: all.slice(0, MAX_FILTER) }, options)
    },
    excludeIds,
    [query.question, ...asked.map(({ text }) => text)],
  )
  const results = await allowed(store, response.results, excludeIds, excluded)
  return { response, results: results.slice(0, k), turns }
}

/** What the person pinned, where the chat's scope reaches it and the prompt does not hold it anyway. */
async function pinnedItems(store: Store, query: Query): Promise<ContextItem[]> {
  const chats = chatsOf(query.context, query.chatId)
  const pinned = await store.memory.pinned(MAX_PINNED)
  return pinned
    .filter(({ messageId }) => !query.excludeIds.includes(messageId))
    .filter(({ chatId }) => chats === null || chats.includes(chatId))
    .map(pinnedItem)
}

/** Pinned items first, each once, ranked anew. */
function withPinned(pinned: ContextItem[], found: ContextItem[]): ContextItem[] {
  const byId = new Map(found.map((item) => [item.itemId, item]))
  const first = pinned.map((item): ContextItem => {
    const same = byId.get(item.itemId)
    return same ? { ...same, reasons: [...item.reasons, ...same.reasons] } : item
  })
  const ids = new Set(pinned.map(({ itemId }) => itemId))
  const rest = found.filter(({ itemId }) => !ids.has(itemId))
  return [...first, ...rest].map((item, index) => ({ ...item, rank: index + 1 }))
}

/** Items of raggen-embed's results, the best first. */
export async function itemsOf(
  store: Store,
  results: SearchResult[],
  context: ContextSettings,
): Promise<ContextItem[]> {
  const titles = await store.chats.titles(results.flatMap((result) => result.conversation ?? []))
  return results.map((result, index) => contextItem(result, index + 1, titles, context.recency))
}

function count(outcome: string): void {
  meters().retrievals.inc({ outcome })
}

/**
 * Step 2: asks raggen-embed for what is relevant, within a deadline, and adds what is pinned. Never
 * throws: no answer is the state `unavailable`, a fact to show; what is pinned is there all the same.
 */
export async function retrieve(deps: RetrieveDeps, query: Query): Promise<Memory> {
  const { store, log } = deps
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  if (!query.context.enabled) return { state: 'off', items: [], tookMs: 0, earlier: null }
  let pinned: ContextItem[] = []
  const finding = findRelevant(deps, query, query.context.count)
  finding.catch(() => {}) // Awaited below.
  try {
    pinned = await pinnedItems(store, query)
    const { response, results, turns } = await finding
    meters().retrievalSeconds.observe(tookMs() / 1000)
    const items = withPinned(pinned, await itemsOf(store, results, query.context))
    const turn = response.follow_up && turns[response.follow_up.previous]
    const earlier = turn ? { messageId: turn.id, text: turn.text } : null
    count(items.length > 0 ? 'used' : response.total_items === 0 ? 'empty' : 'nothing_relevant')
    if (items.length > 0) return { state: 'used', items, tookMs: tookMs(), earlier }
    const state = response.total_items > 0 || isNarrowed(query) ? 'nothing-relevant' : 'empty'
    return { state, items, tookMs: tookMs(), earlier: state === 'empty' ? null : earlier }
  } catch (error) {
    if (!query.signal.aborted) {
      count(whyUnanswered(error))
      meters().retrievalSeconds.observe(tookMs() / 1000)
      log.warn('answering without memory', { ...errorFields(error), request_id: query.requestId })
    }
    return { state: 'unavailable', items: withPinned(pinned, []), tookMs: tookMs(), earlier: null }
  }
}
