import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { InvalidResponseDataError, streamText } from 'ai'

import type { AnswerStream, Model, ModelLimits, PromptMessage } from './answerer'
import { failureOfResponse, providerFailure } from './failure'

import type { GenerationSettings } from '@/chat/settings'
import { ProviderFailure } from '@/errors'

export type OpenAiOptions = {
  providerId: string
  /** With the version at its end, such as http://127.0.0.1:11434/v1. */
  baseUrl: string
  apiKey: string | null
  model: string | null
  generation?: GenerationSettings
  limits?: ModelLimits
  /** Wire names, such as max_tokens. */
  parameters?: { temperature?: number; max_tokens?: number }
}

export const SILENCE_MS = 30_000
/** What a server is taken to read when nobody says: the servers people run at home begin there. */
const WINDOW_TOKENS = 8192
/** Kept for the answer when nobody says how long it may be. */
const ANSWER_TOKENS = 1024

function limitsFor(windowTokens: number, generation?: GenerationSettings): ModelLimits {
  const wanted = generation?.maxTokens ?? ANSWER_TOKENS
  // However long an answer may be, a prompt has room.
  const answerTokens = Math.min(wanted, Math.floor(windowTokens / 2))
  const promptTokens = windowTokens - answerTokens
  const fixed = { contextItems: 50, silenceMs: SILENCE_MS, brief: false }
  return { windowTokens, answerTokens, promptTokens, ...fixed }
}

function parametersOf(generation?: GenerationSettings): {
  temperature?: number
  max_tokens?: number
} {
  const { temperature = null, maxTokens = null } = generation ?? {}
  return {
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  }
}
/** A server that loads a model answers 503 for a moment; more patience would look like a hang. */
const MAX_RETRIES = 1

/** Far more than the longest answer takes with its reasoning; a stream that never ends would fill the memory. */
const MAX_STREAM_BYTES = 64 * 1024 * 1024

/** fetch that bounds the stream, and notes whether the stream said `[DONE]`: then it was whole, though it gave no finish_reason. */
function watchDone(): { fetch: typeof fetch; done: () => boolean } {
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
      const response = await fetch(input, { ...init, cache: 'no-store', redirect: 'error' })
      if (!response.ok || !response.body) return response
      const { status, headers } = response
      return new Response(response.body.pipeThrough(watch), { status, headers })
    },
  }
}

async function* streamAnswer(
  options: OpenAiOptions & { model: string },
  messages: PromptMessage[],
  signal: AbortSignal,
): AnswerStream {
  const { providerId, baseUrl, apiKey, model, parameters = {} } = options
  const wire = watchDone()
  const server = createOpenAICompatible({
    name: providerId,
    baseURL: baseUrl,
    apiKey: apiKey ?? undefined,
    includeUsage: true,
    fetch: wire.fetch,
  })
  const result = streamText({
    model: server.chatModel(model),
    messages,
    allowSystemInMessages: true,
    temperature: parameters.temperature,
    maxOutputTokens: parameters.max_tokens,
    maxRetries: MAX_RETRIES,
    abortSignal: signal,
    onError: () => {}, // The default prints the error with the prompt in it.
  })
  let started = false
  for await (const part of result.stream) {
    switch (part.type) {
      case 'text-delta':
        started = true
        yield part.text
        break
      case 'reasoning-delta':
        yield ''
        break
      case 'error':
        if (InvalidResponseDataError.isInstance(part.error)) {
          if (wire.done() && started) return { errorCode: 'provider_no_finish_reason' }
          throw new ProviderFailure('provider_cut_off', 'the stream ended before the answer did')
        }
        throw providerFailure(part.error, started)
      case 'finish':
        return finish(part.finishReason, started)
    }
  }
  throw new ProviderFailure('provider_cut_off', 'the stream ended before the answer did')
}

function finish(reason: string, started: boolean): { errorCode: string | null } {
  if (reason === 'content-filter') {
    throw new ProviderFailure('provider_content_filter', 'the provider refused by its rules')
  }
  if (!started) throw new ProviderFailure('provider_empty', 'the provider sent an empty answer')
  return { errorCode: reason === 'length' ? 'provider_length' : null }
}

/** Any OpenAI-compatible server: Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, … */
export function openAiCompatible(options: OpenAiOptions): Model {
  const { providerId, model, generation } = options
  const { limits = limitsFor(WINDOW_TOKENS, generation), parameters = parametersOf(generation) } =
    options
  return {
    kind: 'model',
    providerId,
    model,
    limits,
    parameters,
    stream: (messages, signal) => {
      if (model === null) throw failureOfResponse(404, 'model')
      return streamAnswer({ ...options, model, parameters }, messages, signal)
    },
  }
}
