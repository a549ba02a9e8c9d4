import { createUIMessageStream, type InferUIMessageChunk } from 'ai'

import { metadataOf } from './history'
import type { AnswersInFlight } from './in-flight'
import type { ChatMessage } from './message'
import { produce, type AnswerWriter, type ProduceDeps } from './produce'
import { closeReceipt } from './receipt'
import { receive, type Incoming } from './receive'
import { replay } from './replay'
import type { Outcome } from './stream'

import type { Locale } from '@/i18n/locale'
import type { Answerer } from '@/llm/answerer'
import { errorFields } from '@/log'

export type AnswerDeps = ProduceDeps & {
  inFlight: AnswersInFlight
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
  writer: AnswerWriter,
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
    const outcome = await produce(writer, deps, {
      ...accepted,
      offBranchIds: [],
      settings: accepted.chat.settings,
      context: { kind: 'fresh' },
      answerer: request.answerer,
      locale: request.locale,
      requestId: request.requestId,
      signal: ending.signal,
    }).catch((error: unknown): Outcome => {
      log.error('answering failed', { ...fields, ...errorFields(error) })
      return failedOutcome()
    })
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

function failedOutcome(): Outcome {
  return { text: '', status: 'failed', errorCode: 'internal', firstTokenMs: null, totalMs: 0 }
}
