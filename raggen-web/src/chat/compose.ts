import { randomBytes } from 'node:crypto'

import { countWith, ESTIMATING } from './counting'
import type { ContextItem, Memory, Origin } from './message'
import { buildPrompt, countedTexts, ownHistory, type PackedItem, type Turn } from './prompt'
import { retrieve, type Query, type RetrieveDeps } from './retrieve'
import type { ContextSettings, Defaults } from './settings'

import type { LeftOut, ReceiptParts, SentMessage } from '@/db/receipts'
import type { Store } from '@/db/store'
import type { Answerer, Model } from '@/llm/answerer'

/** Where an answer's context comes from: a search, nowhere, or what another answer stood on. */
export type WantedContext = { kind: 'fresh' | 'none' } | { kind: 'same'; answerId: string }

export type Composition = {
  chatId: string
  question: { id: string; text: string }
  /** What stands before the question on its branch, oldest first. */
  history: Turn[]
  /** How many turns stand before these. */
  older: number
  /** Messages of the same chat on other branches: not to be recalled here. */
  offBranchIds: string[]
  /** What holds in the chat. */
  settings: Defaults
  context: WantedContext
  /** Memory is searched as it was at this moment; absent: as it is. */
  saidBefore?: Date
  answerer: Answerer
  requestId: string
  signal: AbortSignal
}

/** What an answer stands on, and what is sent for it. */
export type Composed = {
  origin: Origin
  memory: Omit<Memory, 'items'> & { items: PackedItem[] }
  /** Empty: no model is asked. */
  messages: SentMessage[]
  parts: ReceiptParts | null
  leftOut: LeftOut | null
  tokens: number
}

const OFF: Memory = { state: 'off', items: [], tookMs: 0, earlier: null }
/** As many as there are: they were chosen once. */
const ALL = Number.MAX_SAFE_INTEGER

/** `count`: how many of the items an answer may stand on. */
export type Sourced = { origin: Origin; memory: Memory; count: number }

/** What another answer stood on, word for word, but for what may no longer be recalled. */
async function sameContext(store: Store, chatId: string, answerId: string): Promise<Memory | null> {
  const receipt = await store.receipts.find(answerId)
  if (!receipt) return null
  const { memory } = receipt
  const { chatIds, messageIds } = await store.memory.exclusions()
  const gone = new Set([...chatIds.filter((id) => id !== chatId), ...messageIds])
  const items = memory.items
    .filter(
      // The words of what was forgotten or deleted are gone from the list already.
      (item) => item.text !== '' && !gone.has(item.messageId) && !gone.has(item.chatId ?? ''),
    )
    .map(({ rating: _rating, ...item }): ContextItem => item)
  return { ...memory, items, tookMs: 0 }
}

/** What step 2 searches for where it is done anew. */
export function freshQuery(composition: Composition): Query {
  const { chatId, question, history, answerer, settings } = composition
  const shown =
    answerer.kind === 'model'
      ? ownHistory(promptInput(composition, answerer, settings.context))
      : []
  return {
    chatId,
    question: question.text,
    history,
    excludeIds: [question.id, ...shown.map(({ id }) => id), ...composition.offBranchIds],
    context: settings.context,
    saidBefore: composition.saidBefore,
    requestId: composition.requestId,
    signal: composition.signal,
  }
}

/** Step 2, or what stands in its place. */
export async function source(deps: RetrieveDeps, composition: Composition): Promise<Sourced> {
  const { chatId, context, settings } = composition
  if (context.kind === 'none') return { origin: 'without-context', memory: OFF, count: 0 }
  if (context.kind === 'same') {
    const memory = await sameContext(deps.store, chatId, context.answerId)
    if (memory) return { origin: 'same-context', memory, count: ALL }
  }
  const memory = await retrieve(deps, freshQuery(composition))
  return { origin: 'fresh', memory, count: settings.context.count }
}

function promptInput(composition: Composition, model: Model, context: ContextSettings) {
  const { question, history, older, settings } = composition
  return {
    question: question.text,
    history,
    older,
    limits: model.limits,
    systemPrompt: settings.generation.systemPrompt,
    decline: context.declineWithoutContext,
    count: context.count,
    budgetShare: context.budgetShare,
  }
}

/** Step 4 of an answer by a model. */
async function prompted(
  deps: RetrieveDeps,
  composition: Composition,
  model: Model,
  { origin, memory, count }: Sourced,
): Promise<Composed> {
  const input = {
    ...promptInput(composition, model, composition.settings.context),
    count,
    items: memory.items,
    boundary: randomBytes(9).toString('base64url'),
  }
  const counting = model.countTokens
    ? await countWith(model, countedTexts(input), { log: deps.log, signal: composition.signal })
    : ESTIMATING
  const { messages, items, parts, leftOut, tokens } = buildPrompt({ ...input, counting })
  const { windowTokens, answerTokens } = model.limits
  return {
    origin,
    memory: { ...memory, items },
    messages,
    parts: { ...parts, windowTokens, answerTokens, countedBy: counting.by },
    leftOut,
    tokens,
  }
}

/** Quotations have no prompt: they only choose what they quote. */
function chosen(choose: (items: ContextItem[]) => ContextItem[], { origin, memory }: Sourced) {
  const items = choose(memory.items).map((item): PackedItem => {
    return { ...item, promptText: null }
  })
  return {
    origin,
    memory: { ...memory, items },
    messages: [],
    parts: null,
    leftOut: null,
    tokens: 0,
  }
}

/**
 * Steps 2 to 4: retrieve → (rank, in raggen-embed) → prompt. Stores nothing and asks no model.
 *
 * @param found Step 2, where it was done ahead.
 */
export async function compose(
  deps: RetrieveDeps,
  composition: Composition,
  found?: Sourced,
): Promise<Composed> {
  const { answerer } = composition
  const sourced = found ?? (await source(deps, composition))
  return answerer.kind === 'model'
    ? prompted(deps, composition, answerer, sourced)
    : chosen(answerer.choose, sourced)
}

/** As the browser gets it. */
export function memoryOf({ memory }: Composed): Memory {
  return {
    ...memory,
    items: memory.items.map(({ promptText: _promptText, ...item }) => item),
  }
}
