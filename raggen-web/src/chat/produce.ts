import type { UIMessageStreamWriter } from 'ai'

import { compose, memoryOf, type Sourced, type WantedContext } from './compose'
import { kindOf } from './measure'
import type { ChatMessage } from './message'
import { openReceipt } from './receipt'
import type { RetrieveDeps } from './retrieve'
import type { Defaults } from './settings'
import { streamAnswer, type Outcome } from './stream'

import type { Before, StoredMessage } from '@/db/messages'
import type { Store } from '@/db/store'
import type { EmbedClient } from '@/embed/client'
import type { Locale } from '@/i18n/locale'
import { languageByScript } from '@/i18n/script'
import type { Answerer, AnswerStream, Waiting } from '@/llm/answerer'
import type { Logger } from '@/log'
import { meters } from '@/metrics/meters'

export type { WantedContext } from './compose'
export type AnswerWriter = UIMessageStreamWriter<ChatMessage>

export type ProduceDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  retrievalTimeoutMs: number
}

/** What retrieval needs of it. */
export function retrieving({ store, embed, log, retrievalTimeoutMs }: ProduceDeps): RetrieveDeps {
  return { store, embed, log, deadlineMs: retrievalTimeoutMs }
}

/** What was accepted, and how it is to be answered. */
export type Production = {
  question: StoredMessage
  /** The empty row that is streaming. */
  answer: StoredMessage
  before: Before
  /** What was searched for ahead. */
  found?: Sourced
  /** What holds in the chat. */
  settings: Defaults
  context: WantedContext
  answerer: Answerer
  /** The interface's language, for questions without letters. */
  locale: Locale
  requestId: string
  /** performance.now() when the question came. */
  arrivedAt: number
  /** Aborted with an EndedBy. */
  signal: AbortSignal
}

/**
 * retrieve → prompt → receipt → stream. The provider is asked while the receipt is being kept; nothing
 * that it says is shown before.
 */
export async function produce(
  writer: AnswerWriter,
  deps: ProduceDeps,
  production: Production,
): Promise<Outcome> {
  const { store } = deps
  const { question, answer, answerer, signal } = production
  const composed = await compose(
    retrieving(deps),
    { ...production, ...production.before, chatId: question.chatId },
    production.found,
  )
  const memory = memoryOf(composed)
  writer.write({ type: 'data-memory', id: 'memory', data: memory })
  const kept = openReceipt(store, answer.id, answerer, composed, production.requestId)
  kept.catch(() => {}) // Awaited below, after a stream that may end first.
  meters().contextItems.observe(memory.items.filter(({ included }) => included).length)
  const text = textPart(writer, () => {
    const seconds = (performance.now() - production.arrivedAt) / 1000
    meters().firstWordsSeconds.observe({ kind: kindOf(answerer) }, seconds)
  })
  const locale = languageByScript(question.text) ?? production.locale
  const outcome = await streamAnswer({
    start: (ended) => {
      const onWaiting = (reason: Waiting) =>
        writer.write({ type: 'data-waiting', id: 'waiting', data: { for: reason } })
      const stream =
        answerer.kind === 'model'
          ? answerer.stream(composed.messages, ended, onWaiting)
          : answerer.stream(memory, locale, ended)
      return heldUntil(kept, stream)
    },
    silenceMs: answerer.limits.silenceMs,
    signal,
    onDelta: text.write,
    keepPartial: (partial) => store.messages.keepPartial(answer.id, partial, new Date()),
  })
  await kept // Where it failed, so has the answer, whatever the stream said.
  text.end()
  return outcome
}

/** Asks for the first piece at once and lets none through before `kept`: a disk is as slow as a provider. */
async function* heldUntil(kept: Promise<void>, stream: AnswerStream): AnswerStream {
  const first = stream.next()
  first.catch(() => {}) // Whoever waits for it below hears of it.
  await kept
  let piece = await first
  for (; !piece.done; piece = await stream.next()) yield piece.value
  return piece.value
}

/** The answer's one text part, begun with its first words. */
function textPart(writer: AnswerWriter, onBegin: () => void) {
  const id = 'text'
  let begun = false
  return {
    write(delta: string) {
      if (!begun) {
        writer.write({ type: 'text-start', id })
        onBegin()
      }
      begun = true
      writer.write({ type: 'text-delta', id, delta })
    },
    end() {
      if (begun) writer.write({ type: 'text-end', id })
    },
  }
}
