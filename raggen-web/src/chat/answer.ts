import { randomBytes } from 'node:crypto'

import { createUIMessageStream, type InferUIMessageChunk, type UIMessageStreamWriter } from 'ai'

import { metadataOf } from './history'
import type { AnswersInFlight } from './in-flight'
import type { ChatMessage, ContextItem, Memory } from './message'
import { buildPrompt, fitHistory, type PackedItem, type Prompt, type Turn } from './prompt'
import { closeReceipt, openReceipt } from './receipt'
import { receive, type Incoming } from './receive'
import { replay } from './replay'
import { retrieve } from './retrieve'
import { streamAnswer, type Outcome } from './stream'

import type { Store } from '@/db/store'
import type { EmbedClient } from '@/embed/client'
import type { Locale } from '@/i18n/locale'
import { languageByScript } from '@/i18n/script'
import type { Answerer } from '@/llm/answerer'
import { errorFields, type Logger } from '@/log'

export type AnswerDeps = {
  store: Store
  embed: EmbedClient
  log: Logger
  inFlight: AnswersInFlight
  retrievalTimeoutMs: number
  /** Tells the indexer that the outbox has something new. */
  wakeIndexer: () => void
}

export type AnswerRequest = Incoming & {
  answerer: Answerer
  /** The interface's language, for questions without letters. */
  locale: Locale
  requestId: string
  /** The browser went away or pressed stop. */
  signal: AbortSignal
}

export type ChatStream = ReadableStream<InferUIMessageChunk<ChatMessage>>
type Writer = UIMessageStreamWriter<ChatMessage>
type Accepted = Extract<Awaited<ReturnType<typeof receive>>, { kind: 'accepted' }>

/**
 * The way of a message: receive → retrieve → (rank, in raggen-embed) → prompt → stream → persist →
 * index. Each step is a file of that name; persist is receipt.ts, index is src/index.
 *
 * Resolves as soon as the message is stored; everything after that is in the stream, failures too.
 * @throws RaggenError when the message was not stored.
 */
export async function answer(deps: AnswerDeps, request: AnswerRequest): Promise<ChatStream> {
  await deps.inFlight.settled(request.chatId)
  const received = await receive(deps.store, request, request.answerer)
  if (received.kind === 'answered') return replay(deps.store, received.answer)
  deps.wakeIndexer()
  return createUIMessageStream<ChatMessage>({
    execute: ({ writer }) => answerInto(writer, deps, request, received),
    onError: () => 'internal',
  })
}

/** All after receive, with the answer's row closed however it ends. */
async function answerInto(
  writer: Writer,
  deps: AnswerDeps,
  request: AnswerRequest,
  accepted: Accepted,
): Promise<void> {
  const { log, inFlight, store, wakeIndexer } = deps
  const { answer } = accepted
  const fields = { request_id: request.requestId, chat: answer.chatId, answer: answer.id }
  const ending = inFlight.begin(answer.chatId, request.signal)
  try {
    writer.write({ type: 'start', messageId: answer.id, messageMetadata: metadataOf(answer) })
    const outcome = await produce(writer, deps, request, accepted, ending.signal).catch(
      (error: unknown): Outcome => {
        log.error('answering failed', { ...fields, ...errorFields(error) })
        return failedOutcome()
      },
    )
    await closeReceipt(store, answer.id, outcome)
    wakeIndexer()
    const { status, errorCode, firstTokenMs, totalMs } = outcome
    log.info('answered', { ...fields, status, code: errorCode, firstTokenMs, totalMs })
    const ended = { ...answer, status, errorCode }
    writer.write({ type: 'message-metadata', messageMetadata: metadataOf(ended) })
    writer.write({ type: 'finish', messageMetadata: metadataOf(ended) })
  } catch (error) {
    log.error('the answer could not be kept', { ...fields, ...errorFields(error) })
    throw error
  } finally {
    ending.done()
  }
}

/** retrieve → prompt → receipt → stream. */
async function produce(
  writer: Writer,
  deps: AnswerDeps,
  request: AnswerRequest,
  { question, answer, history }: Accepted,
  signal: AbortSignal,
): Promise<Outcome> {
  const { store, embed, log, retrievalTimeoutMs: deadlineMs } = deps
  const { answerer, requestId } = request

  const turns = answerer.kind === 'model' ? fitHistory(history, question.text, answerer.limits) : []
  const excludeIds = [question.id, ...turns.map(({ id }) => id)]
  const found = await retrieve(
    { store, embed, log, deadlineMs },
    { question: question.text, history, excludeIds, requestId, signal },
  )
  const prompt = pack(answerer, question.text, turns, found)
  const memory = { ...found, items: prompt.items.map(withoutPromptText) }
  writer.write({ type: 'data-memory', id: 'memory', data: memory })
  await openReceipt(store, answer.id, answerer, prompt, found)

  const text = textPart(writer)
  const locale = languageByScript(question.text) ?? request.locale
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

function failedOutcome(): Outcome {
  return { text: '', status: 'failed', errorCode: 'internal', firstTokenMs: null, totalMs: 0 }
}

/** The answer's one text part, begun with its first words. */
function textPart(writer: Writer) {
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
