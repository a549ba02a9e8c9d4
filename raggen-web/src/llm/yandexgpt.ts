import PQueue from 'p-queue'
import { z } from 'zod'

import { plainAccess, type Access } from './access'
import type { Model, ModelLimits } from './answerer'
import { boundedText, safeJson } from './body'
import { streamChat } from './chat-stream'
import { failureOfResponse, providerFailure } from './failure'
import type { WireParameters } from './openai'
import type { OfferedModel, Server } from './server'

import type { GenerationSettings } from '@/chat/settings'
import { ProviderFailure } from '@/errors'

/** Yandex's own models; those of others that it offers read more. */
export const YANDEXGPT_WINDOW_TOKENS = 32_768

const HIGHEST_TEMPERATURE = 1
/** The tokenizer belongs to the older API and lives at its host. */
const TOKENIZER_HOSTS: Record<string, string> = {
  'ai.api.cloud.yandex.net': 'https://llm.api.cloud.yandex.net',
}
/** It takes one text a request. */
const TOKENIZER_CONCURRENCY = 8

const EXPLAINED: Record<string, string> = {
  provider_forbidden: 'provider_yandex_role',
  provider_quota: 'provider_yandex_quota',
}

function explain(failure: ProviderFailure): ProviderFailure {
  const code = EXPLAINED[failure.code]
  if (!code) return failure
  return new ProviderFailure(code, failure.message, { cause: failure, detail: failure.detail })
}

/** The folder pays; the provider keeps no log of what is asked. */
export function connectYandexGpt(server: Server): Access {
  const headers = {
    'openai-project': server.options.folder ?? '',
    'x-data-logging-enabled': 'false',
    ...server.headers,
  }
  return { ...plainAccess({ ...server, headers }), explain }
}

/** `gpt://<folder>/yandexgpt/latest`, however the model is written. */
export function modelUri(folder: string, model: string): string {
  return model.includes('://') ? model : `gpt://${folder}/${model}`
}

/** Of all that the folder offers (embeddings, classifiers, pictures) those that write text. */
export function textModels(models: OfferedModel[]): OfferedModel[] {
  return models.filter(({ id }) => id.startsWith('gpt://') || !id.includes('://'))
}

export function yandexParameters({ temperature, maxTokens }: GenerationSettings): WireParameters {
  return {
    ...(temperature !== null && { temperature: Math.min(temperature, HIGHEST_TEMPERATURE) }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  }
}

const Tokenized = z.object({ tokens: z.array(z.unknown()) })

function noCount(): ProviderFailure {
  return new ProviderFailure('provider_malformed', 'the provider did not count the tokens')
}

/** `POST /foundationModels/v1/tokenize` (Yandex AI Studio, Text Generation API, Tokenizer). */
async function countOne(
  access: Access,
  modelUri: string,
  text: string,
  signal: AbortSignal,
): Promise<number> {
  const { host, origin } = new URL(access.baseUrl)
  const url = `${TOKENIZER_HOSTS[host] ?? origin}/foundationModels/v1/tokenize`
  const response = await access.fetch(url, {
    method: 'POST',
    headers: { ...(await access.headers(signal)), 'content-type': 'application/json' },
    body: JSON.stringify({ modelUri, text }),
    signal,
    redirect: 'error',
    cache: 'no-store',
  })
  const body = await boundedText(response, noCount)
  if (!response.ok) throw failureOfResponse(response.status, body)
  const parsed = Tokenized.safeParse(safeJson(body))
  if (!parsed.success) throw noCount()
  return parsed.data.tokens.length
}

async function countTokens(
  access: Access,
  model: string,
  texts: string[],
  signal: AbortSignal,
): Promise<number[]> {
  const queue = new PQueue({ concurrency: TOKENIZER_CONCURRENCY })
  try {
    return await queue.addAll(texts.map((text) => () => countOne(access, model, text, signal)))
  } catch (error) {
    queue.clear()
    throw access.explain(providerFailure(error, false))
  }
}

/** YandexGPT through its OpenAI-compatible API. */
export function yandexGptModel(
  access: Access,
  { id: providerId, options: { folder = '' } }: Server,
  model: string | null,
  limits: ModelLimits,
  parameters: WireParameters,
): Model {
  const uri = model === null ? null : modelUri(folder, model)
  return {
    kind: 'model',
    serverKind: 'yandexgpt',
    providerId,
    model,
    limits,
    parameters: { ...parameters, 'x-data-logging-enabled': false },
    // Yandex's tokenizer knows Yandex's models.
    ...(uri !== null &&
      /\/yandexgpt|\/aliceai/.test(uri) && {
        countTokens: (texts: string[], signal: AbortSignal) =>
          countTokens(access, uri, texts, signal),
      }),
    stream: (messages, signal, onWaiting) => {
      if (uri === null) throw failureOfResponse(404, 'model')
      const request = { providerId, access, model: uri, messages, parameters }
      return streamChat({ ...request, serverKind: 'yandexgpt' }, signal, onWaiting)
    },
  }
}
