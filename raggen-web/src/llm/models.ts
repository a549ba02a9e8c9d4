import { z } from 'zod'

import { failureOfResponse, providerFailure } from './failure'

import { ProviderFailure } from '@/errors'

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })).nullish() })
const MAX_MODELS = 1000
/** As src/app/api/selection takes them. */
const MAX_MODEL_CHARS = 300
/** The longest lists (hundreds of hosted models with their descriptions) take about a tenth of it. */
const MAX_LIST_BYTES = 8 * 1024 * 1024

/** The body as text; a server that never stops sending would fill the memory. */
async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_LIST_BYTES) throw notAModelServer()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function notAModelServer(): ProviderFailure {
  return new ProviderFailure(
    'provider_not_found',
    'the address does not answer like a model server',
  )
}

/**
 * The models that an OpenAI-compatible server offers (`GET {baseUrl}/models`); empty until one is
 * loaded, with some servers.
 *
 * @throws ProviderFailure, also when nothing comes within `timeoutMs`.
 */
export async function listModels(
  baseUrl: string,
  apiKey: string | null,
  timeoutMs: number,
): Promise<string[]> {
  let response: Response
  let body: string
  try {
    response = await fetch(`${baseUrl}/models`, {
      headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      cache: 'no-store',
      redirect: 'manual', // The key goes to the address that was written, and nowhere else.
    })
    body = await boundedText(response)
  } catch (error) {
    throw providerFailure(error, false)
  }
  const { ok, status } = response
  // Many a 404 page repeats the path, whose word "models" must not pass for a missing model.
  if (status === 404 || (status >= 300 && status < 400)) throw notAModelServer()
  if (!ok) throw failureOfResponse(status, body)
  const parsed = ModelList.safeParse(safeJson(body))
  if (!parsed.success) throw notAModelServer()
  const ids = (parsed.data.data ?? []).map(({ id }) => id)
  const usable = new Set(ids.filter((id) => id !== '' && id.length <= MAX_MODEL_CHARS))
  return [...usable].slice(0, MAX_MODELS)
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
