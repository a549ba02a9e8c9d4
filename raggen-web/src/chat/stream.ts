import type { AnswerStatus } from './message'
import { storable } from './storable'

import { ProviderFailure } from '@/errors'
import type { AnswerStream } from '@/llm/answerer'
import { providerFailure } from '@/llm/failure'

/** Why an answer is being ended from outside; the reason of its AbortSignal. */
export type EndedBy = 'stopped' | 'interrupted'

export type Outcome = {
  text: string
  status: Exclude<AnswerStatus, 'streaming'>
  errorCode: string | null
  /** null: no token came. */
  firstTokenMs: number | null
  totalMs: number
}

export type StreamInput = {
  /** Begins the provider's stream; `signal` ends it. */
  start: (signal: AbortSignal) => AnswerStream
  silenceMs: number
  /** Aborted with an EndedBy: the person pressed stop, or the server is shutting down. */
  signal: AbortSignal
  onDelta: (text: string) => void
  /** Called about once a second with all that has come. */
  keepPartial: (text: string) => Promise<unknown>
}

const KEEP_EVERY_MS = 1000
/** In UTF-16 units; a model that repeats itself for ever is cut here. raggen-embed takes as many characters. */
const MAX_ANSWER_CHARS = 200_000

/** Resolves with the next piece, or fails after `silenceMs` without one, or as soon as `signal` aborts. */
async function nextPiece(stream: AnswerStream, silenceMs: number, signal: AbortSignal) {
  signal.throwIfAborted()
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  const ended = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort)
    timer = setTimeout(
      () => reject(new ProviderFailure('provider_stalled', `nothing came for ${silenceMs} ms`)),
      silenceMs,
    )
  })
  try {
    return await Promise.race([stream.next(), ended])
  } finally {
    clearTimeout(timer)
    if (onAbort) signal.removeEventListener('abort', onAbort)
  }
}

/** Writes the text so far at most once a second, one write at a time; a failed one is retried by the next. */
function partialKeeper(keepPartial: StreamInput['keepPartial']) {
  let last = performance.now()
  let writing: Promise<unknown> | null = null
  return {
    offer(text: string) {
      if (writing || performance.now() - last < KEEP_EVERY_MS) return
      last = performance.now()
      writing = keepPartial(text)
        .catch(() => {})
        .finally(() => (writing = null))
    },
    settled: async () => void (await writing),
  }
}

function endedBy(signal: AbortSignal): EndedBy {
  return signal.reason === 'interrupted' ? 'interrupted' : 'stopped'
}

/**
 * Step 5: the provider's tokens as they come. Never throws: whatever happens is an outcome, with the
 * text that had come by then. Whichever way it ends, the provider's request is aborted.
 */
export async function streamAnswer(input: StreamInput): Promise<Outcome> {
  const { signal, onDelta } = input
  const startedAt = performance.now()
  const provider = new AbortController()
  const keeper = partialKeeper(input.keepPartial)
  let text = ''
  let firstTokenMs: number | null = null
  const outcome = (status: Outcome['status'], errorCode: string | null): Outcome => ({
    text: storable(text),
    status,
    errorCode,
    firstTokenMs,
    totalMs: Math.round(performance.now() - startedAt),
  })
  try {
    const stream = input.start(AbortSignal.any([signal, provider.signal]))
    for (;;) {
      const { done, value } = await nextPiece(stream, input.silenceMs, signal)
      if (done) return outcome('complete', value.errorCode)
      if (value !== '') {
        firstTokenMs ??= Math.round(performance.now() - startedAt)
        const piece = value.slice(0, MAX_ANSWER_CHARS - text.length)
        text += piece
        onDelta(piece)
        if (text.length === MAX_ANSWER_CHARS) return outcome('complete', 'provider_length')
      }
      keeper.offer(text)
    }
  } catch (error) {
    if (signal.aborted) {
      const by = endedBy(signal)
      return outcome(by, by === 'interrupted' ? 'interrupted' : null)
    }
    return outcome('failed', providerFailure(error, text !== '').code)
  } finally {
    provider.abort()
    await keeper.settled()
  }
}
