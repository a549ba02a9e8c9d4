import type { UIMessageStreamWriter } from 'ai'

import { compose, memoryOf, type WantedContext } from './compose'
import type { ChatMessage } from './message'
import { openReceipt } from './receipt'
import { settingsIn, type ChatSettings } from './settings'
import { streamAnswer, type Outcome } from './stream'

import type { StoredMessage } from '@/db/messages'
import type { Store } from '@/db/store'
import type { EmbedClient } from '@/embed/client'
import type { Locale } from '@/i18n/locale'
import { languageByScript } from '@/i18n/script'
import type { Answerer } from '@/llm/answerer'
import type { Logger } from '@/log'

export type { WantedContext } from './compose'
export type AnswerWriter = UIMessageStreamWriter<ChatMessage>

export type ProduceDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  retrievalTimeoutMs: number
}

/** What was accepted, and how it is to be answered. */
export type Production = {
  question: StoredMessage
  /** The empty row that is streaming. */
  answer: StoredMessage
  /** What stands before the question on its branch, oldest first. */
  history: StoredMessage[]
  /** How many turns stand before these. */
  older: number
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
  const { question, answer, answerer, signal } = production
  const composed = await compose(
    { store, embed, log, deadlineMs },
    {
      ...production,
      chatId: question.chatId,
      settings: settingsIn(await store.settings.defaults(), production.settings),
    },
  )
  const memory = memoryOf(composed)
  writer.write({ type: 'data-memory', id: 'memory', data: memory })
  await openReceipt(store, answer.id, answerer, composed)

  const text = textPart(writer)
  const locale = languageByScript(question.text) ?? production.locale
  const outcome = await streamAnswer({
    start: (ended) =>
      answerer.kind === 'model'
        ? answerer.stream(composed.messages, ended, (reason) =>
            writer.write({ type: 'data-waiting', id: 'waiting', data: { for: reason } }),
          )
        : answerer.stream(memory, locale, ended),
    silenceMs: answerer.limits.silenceMs,
    signal,
    onDelta: text.write,
    keepPartial: (partial) => store.messages.keepPartial(answer.id, partial, new Date()),
  })
  text.end()
  return outcome
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
