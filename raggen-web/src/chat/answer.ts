import { createUIMessageStream } from 'ai'

import { lookAhead, type Ahead } from './ahead'
import type { ChatStream } from './answer-log'
import { chosenIn, type Chosen } from './effective'
import { metadataOf } from './history'
import type { AnswersInFlight } from './in-flight'
import { measureAnswer } from './measure'
import type { ChatMessage } from './message'
import { produce, retrieving, type AnswerWriter, type ProduceDeps } from './produce'
import { closeReceipt } from './receipt'
import { receive, type Incoming } from './receive'
import { replay } from './replay'
import { ChatSettings } from './settings'
import type { Outcome } from './stream'
import type { Titler } from './titler'

import type { Chat } from '@/db/chats'
import type { PlacedMessage, Received, ReceivedBefore, StoredMessage } from '@/db/messages'
import type { Locale } from '@/i18n/locale'
import type { Places } from '@/limits/places'
import type { Registry } from '@/llm/registry'
import { errorFields } from '@/log'

export type AnswerDeps = ProduceDeps & {
  inFlight: AnswersInFlight
  places: Places
  registry: Registry
  titler: Titler
  /** Tells the indexer that the outbox has something new. */
  wakeIndexer: () => void
}

export type AnswerRequest = Incoming & {
  /** The interface's language, for questions without letters. */
  locale: Locale
  requestId: string
  /** Whose answers under way are counted. */
  client: string
  /** performance.now() when it came. */
  arrivedAt: number
}

type Accepted = Extract<Received, { kind: 'accepted' }> & Chosen & { ahead: Ahead | null }

/**
 * The way of a message: receive → retrieve → (rank, in raggen-embed) → prompt → stream → persist →
 * index. Each step is a file of that name; persist is receipt.ts, index is src/index.
 *
 * Resolves as soon as the message is stored; everything after that is in the stream, failures too.
 * The answer is written to its end whether or not somebody reads the stream.
 * @throws RaggenError when the message was not stored.
 */
export async function answer(deps: AnswerDeps, request: AnswerRequest): Promise<ChatStream> {
  const { inFlight } = deps
  const { chatId } = request
  return inFlight.turn(chatId, async () => {
    await inFlight.settled(chatId)
    const leave = await placeFor(deps, request)
    if (leave instanceof ReadableStream) return leave
    try {
      const accepted = await accept(deps, request)
      if (accepted instanceof ReadableStream) {
        leave()
        return accepted
      }
      return inFlight.begin(
        accepted.answer,
        (signal) =>
          createUIMessageStream<ChatMessage>({
            execute: ({ writer }) => answerInto(writer, deps, request, accepted, signal),
            onError: () => 'internal',
          }),
        leave,
      )
    } catch (error) {
      leave()
      throw error
    }
  })
}

/** A place for the answer, to be left. A message that came before needs none: its answer is there. */
async function placeFor(
  deps: AnswerDeps,
  { client, chatId, messageId, trigger }: AnswerRequest,
): Promise<(() => void) | ChatStream> {
  const { store, inFlight, places } = deps
  try {
    return places.take(client)
  } catch (error) {
    if (trigger !== 'submit') throw error
    const underWay = inFlight.underWay(chatId)
    const before = await store.messages.receivedBefore({ chatId, messageId, underWay })
    if (!before) throw error
    return told(deps, before)
  }
}

/** Receives the message; a stream where it is answered already, or being answered. */
async function accept(deps: AnswerDeps, request: AnswerRequest): Promise<Accepted | ChatStream> {
  const { store, inFlight } = deps
  const { chat, chosen } = await chosenFor(deps, request)
  const underWay = inFlight.underWay(request.chatId)
  // What is still being written would be read half. It may end before the message is stored.
  const ahead =
    underWay === null ? lookAhead(retrieving(deps), { ...request, ...chosen, chat }) : null
  try {
    await ahead?.asked // Some reads; storing first would keep this process from it with its sync.
    const received = await receive(store, request, chosen.answerer, underWay)
    // The indexer is not woken yet: raggen-embed is searching for this very answer.
    if (received.kind === 'accepted') return { ...chosen, ...received, ahead }
    ahead?.abandon()
    return told(deps, received)
  } catch (error) {
    ahead?.abandon()
    throw error
  }
}

/** The answer that a message got before. */
function told(deps: AnswerDeps, { kind, answer }: ReceivedBefore): Promise<ChatStream> {
  return kind === 'answered' ? replay(deps.store, answer) : follow(deps, answer)
}

/** The answer that is being written, or as it was kept if it ended this very moment. */
async function follow({ store, inFlight }: AnswerDeps, answer: PlacedMessage): Promise<ChatStream> {
  const stream = inFlight.listen(answer.chatId)
  if (stream) return stream
  const ended = await store.messages.find(answer.id)
  return replay(store, { ...answer, ...ended })
}

/** The chat, null where the question begins it, and what it or else the default chose: who answers, and how. */
async function chosenFor(
  deps: AnswerDeps,
  request: AnswerRequest,
): Promise<{ chat: Chat | null; chosen: Chosen }> {
  const { store, registry } = deps
  const chat = await store.chats.find(request.chatId)
  const own = chat?.settings ?? request.settings ?? ChatSettings.parse({})
  return { chat, chosen: await chosenIn(store, registry, own) }
}

/** All after receive, with the answer's row closed however it ends. */
async function answerInto(
  writer: AnswerWriter,
  deps: AnswerDeps,
  request: AnswerRequest,
  accepted: Accepted,
  signal: AbortSignal,
): Promise<void> {
  const { log, store, wakeIndexer } = deps
  const { answer } = accepted
  const fields = { request_id: request.requestId, chat: answer.chatId, answer: answer.id }
  try {
    writer.write({ type: 'start', messageId: answer.id, messageMetadata: metadataOf(answer) })
    const outcome = await producedBy(writer, deps, request, accepted, signal).catch(
      (error: unknown): Outcome => {
        log.error('answering failed', { ...fields, ...errorFields(error) })
        return failedOutcome()
      },
    )
    await closeReceipt(store, answer.id, outcome)
    measureAnswer(accepted.answerer, outcome, request.arrivedAt)
    wakeIndexer()
    const { status, errorCode, firstTokenMs, totalMs } = outcome
    log.info('answered', { ...fields, status, code: errorCode, firstTokenMs, totalMs })
    const ended = { ...answer, status, errorCode }
    writer.write({ type: 'message-metadata', messageMetadata: metadataOf(ended) })
    writer.write({ type: 'finish', messageMetadata: metadataOf(ended) })
    if (status === 'complete') deps.titler.offer(accepted, outcome.text)
  } catch (error) {
    log.error('the answer could not be kept', { ...fields, ...errorFields(error) })
    throw error
  }
}

/** Steps 2 to 5, on what stands before the question on its branch. */
async function producedBy(
  writer: AnswerWriter,
  deps: AnswerDeps,
  request: AnswerRequest,
  accepted: Accepted,
  signal: AbortSignal,
): Promise<Outcome> {
  const { question, answer, answerer, settings, ahead } = accepted
  const { context, locale, requestId, arrivedAt } = request
  const found = ahead && (await foundAhead(ahead, question, signal))
  const before = found?.before ?? (await deps.store.messages.before(question))
  const said = { question, answer, settings, before, found: found?.sourced }
  return produce(writer, deps, { ...said, context, answerer, locale, requestId, arrivedAt, signal })
}

/** null: the question came to stand elsewhere than was thought. */
async function foundAhead(ahead: Ahead, { parentId }: StoredMessage, signal: AbortSignal) {
  if (signal.aborted || ahead.parentId !== parentId) ahead.abandon()
  signal.addEventListener('abort', ahead.abandon, { once: true })
  return ahead.parentId === parentId ? ahead.found : null
}

function failedOutcome(): Outcome {
  return { text: '', status: 'failed', errorCode: 'internal', firstTokenMs: null, totalMs: 0 }
}
