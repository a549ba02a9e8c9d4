import { randomBytes } from 'node:crypto'

import type { UIMessageStreamWriter } from 'ai'

import type { ChatMessage, ContextItem, Memory } from './message'
import { buildPrompt, fitHistory, type PackedItem, type Prompt, type Turn } from './prompt'
import { openReceipt } from './receipt'
import { retrieve } from './retrieve'
import type { ChatSettings } from './settings'
import { streamAnswer, type Outcome } from './stream'

import type { StoredMessage } from '@/db/messages'
import type { Store } from '@/db/store'
import type { EmbedClient } from '@/embed/client'
import type { Locale } from '@/i18n/locale'
import { languageByScript } from '@/i18n/script'
import type { Answerer } from '@/llm/answerer'
import type { Logger } from '@/log'

export type AnswerWriter = UIMessageStreamWriter<ChatMessage>

export type ProduceDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  retrievalTimeoutMs: number
}

/** Where an answer's context comes from: a search, nowhere, or what another answer stood on. */
export type WantedContext = { kind: 'fresh' | 'none' } | { kind: 'same'; answerId: string }

/** What was accepted, and how it is to be answered. */
export type Production = {
  question: StoredMessage
  /** The empty row that is streaming. */
  answer: StoredMessage
  /** What stands before the question on its branch, oldest first. */
  history: StoredMessage[]
  /** Messages of the same chat on other branches: not to be recalled here. */
  offBranchIds: string[]
  /** The chat's own, over the defaults. */
  settings: ChatSettings
  context: WantedContext
  answerer: Answerer
  /** The interface's language, for questions without letters. */
  locale: Locale
  requestId: string
  /** Aborted with an EndedBy. */
  signal: AbortSignal
}

/** retrieve → prompt → receipt → stream. */
export async function produce(
  writer: AnswerWriter,
  deps: ProduceDeps,
  production: Production,
): Promise<Outcome> {
  const { store, embed, log, retrievalTimeoutMs: deadlineMs } = deps
  const { question, answer, history, answerer, requestId, signal } = production

  const turns = answerer.kind === 'model' ? fitHistory(history, question.text, answerer.limits) : []
  const excludeIds = [question.id, ...turns.map(({ id }) => id), ...production.offBranchIds]
  const found = await retrieve(
    { store, embed, log, deadlineMs },
    { question: question.text, history, excludeIds, requestId, signal },
  )
  const prompt = pack(answerer, question.text, turns, found)
  const memory = { ...found, items: prompt.items.map(withoutPromptText) }
  writer.write({ type: 'data-memory', id: 'memory', data: memory })
  await openReceipt(store, answer.id, answerer, prompt, found)

  const text = textPart(writer)
  const locale = languageByScript(question.text) ?? production.locale
  const outcome = await streamAnswer({
    start: (ended) =>
      answerer.kind === 'model'
        ? answerer.stream(prompt.messages, ended)
        : answerer.stream(memory, locale, ended),
    silenceMs: answerer.limits.silenceMs,
    signal,
    onDelta: text.write,
    keepPartial: (partial) => store.messages.keepPartial(answer.id, partial, new Date()),
  })
  text.end()
  return outcome
}

/** Step 4. Quotations have no prompt: they only choose what they quote. */
function pack(answerer: Answerer, question: string, history: Turn[], memory: Memory): Prompt {
  if (answerer.kind === 'model') {
    const boundary = randomBytes(9).toString('base64url')
    return buildPrompt({
      question,
      history,
      items: memory.items,
      limits: answerer.limits,
      boundary,
    })
  }
  const items = answerer.choose(memory.items).map((item) => ({ ...item, promptText: null }))
  return { messages: [], items, tokens: 0 }
}

function withoutPromptText({ promptText: _promptText, ...item }: PackedItem): ContextItem {
  return item
}

/** The answer's one text part, begun with its first words. */
function textPart(writer: AnswerWriter) {
  const id = 'text'
  let begun = false
  return {
    write(delta: string) {
      if (!begun) writer.write({ type: 'text-start', id })
      begun = true
      writer.write({ type: 'text-delta', id, delta })
    },
    end() {
      if (begun) writer.write({ type: 'text-end', id })
    },
  }
}
