import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, InvalidResponseDataError, streamText } from 'ai'

import type { Access } from './access'
import { aliveUntil } from './alive'
import type { AnswerStream, ModelServerKind, OnWaiting, PromptMessage } from './answerer'
import { providerFailure } from './failure'
import { pause, retryAfterMs, retryDelay } from './retry'

import { ProviderFailure } from '@/errors'
import { meters } from '@/metrics/meters'

export type ChatRequest = {
  providerId: string
  serverKind: ModelServerKind
  access: Access
  model: string
  messages: PromptMessage[]
  parameters: { temperature?: number; max_tokens?: number }
  /** For servers that name a parameter otherwise. */
  rewriteBody?: (body: Record<string, unknown>) => Record<string, unknown>
}

/** Far more than the longest answer takes with its reasoning; a stream that never ends would fill the memory. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024

/** Ends that mean that the provider took offence; GigaChat's word for it is not OpenAI's. */
const REFUSALS = new Set(['blacklist'])

/** fetch that bounds the stream, and notes whether the stream said `[DONE]`: then it was whole, though it gave no finish_reason. */
function watchDone(send: typeof fetch): { fetch: typeof fetch; done: () => boolean } {
  let tail = ''
  let bytes = 0
  const decoder = new TextDecoder()
  const watch = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > MAX_STREAM_BYTES) {
        throw new ProviderFailure('provider_error', 'the stream is too long to be an answer')
      }
      tail = (tail + decoder.decode(chunk, { stream: true })).slice(-40)
      controller.enqueue(chunk)
    },
  })
  return {
    done: () => /data:\s*\[DONE\]/.test(tail),
    fetch: async (input, init) => {
      const response = await send(input, { ...init, cache: 'no-store', redirect: 'error' })
      if (!response.ok || !response.body) return response
      const { status, headers } = response
      return new Response(response.body.pipeThrough(watch), { status, headers })
    },
  }
}

/** `started`: something of the answer came; from then on nothing may be asked twice. */
type Progress = { started: boolean; headers: Record<string, string> }

async function* attempt(
  request: ChatRequest,
  progress: Progress,
  signal: AbortSignal,
): AnswerStream {
  const { access, parameters } = request
  const wire = watchDone(access.fetch)
  progress.headers = await access.headers(signal)
  const server = createOpenAICompatible({
    name: request.providerId,
    baseURL: access.baseUrl,
    headers: progress.headers,
    includeUsage: true,
    fetch: wire.fetch,
    transformRequestBody: request.rewriteBody,
  })
  const result = streamText({
    model: server.chatModel(request.model),
    messages: request.messages,
    allowSystemInMessages: true,
    temperature: parameters.temperature,
    maxOutputTokens: parameters.max_tokens,
    maxRetries: 0, // streamChat below knows when asking again makes sense.
    abortSignal: signal,
    onError: () => {}, // The default prints the error with the prompt in it.
  })
  let text = false
  for await (const part of result.stream) {
    switch (part.type) {
      case 'text-delta':
        progress.started = text = true
        yield part.text
        break
      case 'reasoning-delta':
        progress.started = true
        yield ''
        break
      case 'error':
        if (InvalidResponseDataError.isInstance(part.error)) {
          if (wire.done() && text) return { errorCode: 'provider_no_finish_reason' }
          throw cutOff()
        }
        throw part.error
      case 'finish':
        return finish(part.finishReason, part.rawFinishReason, text)
    }
  }
  throw cutOff()
}

function cutOff(): ProviderFailure {
  return new ProviderFailure('provider_cut_off', 'the stream ended before the answer did')
}

function finish(reason: string, raw: string | undefined, text: boolean) {
  if (reason === 'content-filter' || REFUSALS.has(raw ?? '')) {
    throw new ProviderFailure('provider_content_filter', 'the provider refused by its rules')
  }
  if (raw === 'error') throw new ProviderFailure('provider_error', 'the provider gave up')
  if (!text) throw new ProviderFailure('provider_empty', 'the provider sent an empty answer')
  return { errorCode: reason === 'length' ? 'provider_length' : null }
}

function retryAfterOf(error: unknown): number | null {
  return APICallError.isInstance(error)
    ? retryAfterMs(error.responseHeaders?.['retry-after'])
    : null
}

/**
 * An answer over the OpenAI wire protocol. Asks at most three times, and once only when anything of
 * the answer has come.
 */
export async function* streamChat(
  request: ChatRequest,
  signal: AbortSignal,
  onWaiting?: OnWaiting,
): AnswerStream {
  const { access } = request
  const progress: Progress = { started: false, headers: {} }
  let renewed = false
  for (let failed = 0; ; failed += 1) {
    try {
      return yield* attempt(request, progress, signal)
    } catch (error) {
      const failure = providerFailure(error, progress.started)
      if (progress.started || signal.aborted) throw access.explain(failure)
      let delay = retryDelay(failure, failed, retryAfterOf(error))
      if (access.renew && !renewed && failure.detail?.status === 401) {
        access.renew(progress.headers)
        renewed = true
        delay = 0
      }
      if (delay === null) throw access.explain(failure)
      meters().providerRetries.inc({ kind: request.serverKind })
      if (delay > 0) onWaiting?.('retry')
      yield* aliveUntil(pause(delay, signal))
    }
  }
}
