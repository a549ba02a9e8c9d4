import { z } from 'zod'

import { plainAccess, type Access } from './access'
import { boundedText, safeJson } from './body'
import { failureOfResponse, providerFailure } from './failure'
import type { OfferedModel } from './server'

import { ProviderFailure } from '@/errors'

const tokens = z.number().int().positive().nullish().catch(null)

/** Where servers tell a model's window: OpenRouter, vLLM, LM Studio, llama.cpp. */
const Entry = z.object({
  id: z.string(),
  context_length: tokens,
  max_model_len: tokens,
  loaded_context_length: tokens,
  max_context_length: tokens,
  meta: z.object({ n_ctx: tokens, n_ctx_train: tokens }).nullish().catch(null),
})
const ModelList = z.object({ data: z.array(Entry).nullish() })

const MAX_MODELS = 1000
/** As src/app/api/selection takes them. */
const MAX_MODEL_CHARS = 300

function windowOf(entry: z.infer<typeof Entry>): number | null {
  const { context_length, max_model_len, loaded_context_length, max_context_length, meta } = entry
  return (
    max_model_len ??
    context_length ??
    loaded_context_length ??
    max_context_length ??
    meta?.n_ctx ??
    meta?.n_ctx_train ??
    null
  )
}

function notAModelServer(): ProviderFailure {
  return new ProviderFailure(
    'provider_not_found',
    'the address does not answer like a model server',
  )
}

/** GET with the server's key: status and body. @throws ProviderFailure when there is no answer in time. */
async function ask(access: Access, url: string, signal: AbortSignal) {
  try {
    const headers = await access.headers(signal)
    const response = await access.fetch(url, {
      headers,
      signal,
      cache: 'no-store',
      redirect: 'manual', // The key goes to the address that was written, and nowhere else.
    })
    return { status: response.status, headers, body: await boundedText(response, notAModelServer) }
  } catch (error) {
    throw access.explain(providerFailure(error, false))
  }
}

function parseList(body: string): OfferedModel[] | null {
  const parsed = ModelList.safeParse(safeJson(body))
  if (!parsed.success) return null
  const offered = new Map<string, OfferedModel>()
  for (const entry of parsed.data.data ?? []) {
    const usable = entry.id !== '' && entry.id.length <= MAX_MODEL_CHARS
    if (!usable || offered.has(entry.id) || offered.size === MAX_MODELS) continue
    offered.set(entry.id, { id: entry.id, windowTokens: windowOf(entry) })
  }
  return [...offered.values()]
}

/**
 * The models that a server offers (`GET {baseUrl}/models`); empty until one is loaded, with some
 * servers. A token that was refused is fetched anew once.
 *
 * @throws ProviderFailure, also when nothing comes within `timeoutMs`.
 */
export async function offeredModels(access: Access, timeoutMs: number): Promise<OfferedModel[]> {
  const signal = AbortSignal.timeout(timeoutMs)
  const url = `${access.baseUrl}/models`
  let answer = await ask(access, url, signal)
  if (answer.status === 401 && access.renew) {
    access.renew(answer.headers)
    answer = await ask(access, url, signal)
  }
  const { status, body } = answer
  // Many a 404 page repeats the path, whose word "models" must not pass for a missing model.
  if (status === 404 || (status >= 300 && status < 400)) throw access.explain(notAModelServer())
  if (status < 200 || status >= 300) throw access.explain(failureOfResponse(status, body))
  const models = parseList(body)
  if (!models) throw access.explain(notAModelServer())
  return models
}

/** The names alone, of a server that takes its key as a bearer token. @throws ProviderFailure */
export async function listModels(
  baseUrl: string,
  apiKey: string | null,
  timeoutMs: number,
): Promise<string[]> {
  const models = await offeredModels(plainAccess({ baseUrl, apiKey }), timeoutMs)
  return models.map(({ id }) => id)
}
