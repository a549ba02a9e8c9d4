import { excerptOf, type Excerpt } from './excerpt'
import { folded, occurrences, spellings, wordsOf } from './words'

import type { Chat } from '@/db/chats'
import type { FoundMessage } from '@/db/search'
import type { Store } from '@/db/store'
import type { EmbedClient, SearchResponse, SearchResult } from '@/embed/client'
import { MESSAGES } from '@/embed/item'
import { errorFields, type Logger } from '@/log'

export type SearchDeps = { store: Store; embed: EmbedClient; log: Logger }
export type SearchQuery = {
  text: string
  /** The most messages to answer with. */
  limit: number
  requestId: string
  signal: AbortSignal
}

/** A message that was found. `how`: by words that it shares with the search, or by its meaning alone. */
export type SearchHit = Excerpt & {
  messageId: string
  chatId: string
  chatTitle: string
  speaker: 'user' | 'assistant'
  createdAt: Date
  /** null: found by its words in the database, without a judgement of its relevance. */
  relevanceWord: 'high' | 'medium' | 'low' | null
  how: 'meaning' | 'words'
}

export type SearchFindings = {
  messages: SearchHit[]
  /** Chats with the words in their title. */
  chats: Chat[]
  /** raggen-embed did not answer: only words were looked for, exactly as they are written. */
  degraded: boolean
}

/** Somebody is waiting with the hands on the keyboard. */
const DEADLINE_MS = 2_000
/** With memory's answer at hand, the latest messages that have the very words are enough. */
const BESIDE_MEMORY_MS = 60
const MAX_CHATS = 5
/** Some results are dropped here: erased a moment ago. */
const SPARE = 10
/** Far below what an answer may stand on: here a person judges, and reads the best first. */
const MIN_RELEVANCE = 0.1
/** raggen-embed points at sentences of at most so many results. */
const MAX_POINTED_AT = 20

type Candidate = { message: FoundMessage; result: SearchResult | null }

async function searchMemory(
  { store, embed, log }: SearchDeps,
  { text, limit, requestId, signal }: SearchQuery,
): Promise<SearchResponse | null> {
  const deleted = await store.search.deletedChats()
  const k = Math.min(100, limit + SPARE)
  try {
    return await embed.search(
      {
        text,
        k,
        collections: [MESSAGES],
        min_relevance: MIN_RELEVANCE,
        exclude_conversations: deleted,
        highlights: k > MAX_POINTED_AT ? 1 : 2,
      },
      { requestId, signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]) },
    )
  } catch (error) {
    if (!signal.aborted) {
      log.warn('searching without memory', { ...errorFields(error), request_id: requestId })
    }
    return null
  }
}

/** The words of the search in a message: as its text has them, else as raggen-embed found them there. */
function wordSpans({ message, result }: Candidate, words: string[]) {
  const literal = occurrences(message.text, words)
  if (literal.length > 0 || result === null) return literal
  const terms = result.reasons.flatMap((reason) => (reason.kind === 'words' ? reason.terms : []))
  return occurrences(message.text, terms.map(folded), true)
}

function hit(candidate: Candidate, words: string[]): SearchHit {
  const { message, result } = candidate
  const spans = wordSpans(candidate, words)
  // Memory may hold a corrected text: then its offsets say nothing about what the chat shows.
  const sentences = result?.text === message.text ? result.highlights : []
  const [best] = sentences
  const inBest = best && spans.find(({ start, end }) => start >= best.start && end <= best.end)
  const at = inBest?.start ?? best?.start ?? spans[0]?.start ?? 0
  return {
    messageId: message.id,
    chatId: message.chatId,
    chatTitle: message.chatTitle,
    speaker: message.role,
    createdAt: message.createdAt,
    relevanceWord: result?.relevance_word ?? null,
    how: spans.length > 0 ? 'words' : 'meaning',
    ...excerptOf(message.text, at, spans.length > 0 ? spans : best ? [best] : []),
  }
}

/** What memory is sure of, then what has the very words, then what memory holds for possible. */
function inOrder(
  memory: SearchResponse | null,
  shown: Map<string, FoundMessage>,
  worded: FoundMessage[],
): Candidate[] {
  const remembered = (memory?.results ?? []).flatMap((result) => {
    const message = shown.get(result.id)
    return message ? [{ message, result }] : []
  })
  const least = memory?.default_min_relevance ?? 0
  const sure = remembered.filter(({ result }) => result.relevance >= least)
  const unsure = remembered.filter(({ result }) => result.relevance < least)
  const known = new Map(remembered.map((candidate) => [candidate.message.id, candidate]))
  const exact = worded.map((message) => known.get(message.id) ?? { message, result: null })
  const all: Candidate[] = [...sure, ...exact, ...unsure]
  return [...new Map(all.map((candidate) => [candidate.message.id, candidate])).values()]
}

/**
 * Searches everything that was ever said: by meaning and word forms in raggen-embed, by the very
 * words in the database, where also stands what memory has not taken yet.
 * Excluded chats are searched too: they are only never recalled. Never throws for raggen-embed's sake.
 */
export async function searchHistory(deps: SearchDeps, query: SearchQuery): Promise<SearchFindings> {
  const { store } = deps
  const words = wordsOf(query.text)
  const terms = words.map(spellings)
  const startedAt = performance.now()
  let wordsMs = DEADLINE_MS
  const goOn = () => !query.signal.aborted && performance.now() - startedAt < wordsMs
  const [memory, candidates, titled] = await Promise.all([
    searchMemory(deps, query).then((answer) => {
      if (answer !== null) wordsMs = BESIDE_MEMORY_MS
      return answer
    }),
    words.length === 0 ? [] : store.search.withTerms(terms, query.limit, goOn),
    words.length === 0 ? [] : store.search.titledWith(terms, MAX_CHATS),
  ])
  // The database took any letter for е and ё.
  const holds = (text: string) => words.every((word) => folded(text).includes(word))
  const worded = candidates.filter(({ text }) => holds(text))
  const shown = await store.search.messages((memory?.results ?? []).map(({ id }) => id))
  return {
    messages: inOrder(memory, shown, worded)
      .slice(0, query.limit)
      .map((candidate) => hit(candidate, words)),
    chats: titled.filter(({ title }) => holds(title)),
    degraded: memory === null,
  }
}
