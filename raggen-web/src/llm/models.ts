import { z } from 'zod'

import { failureOfResponse, providerFailure } from './failure'

import { ProviderFailure } from '@/errors'

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })).nullish() })
const MAX_MODELS = 1000

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
      redirect: 'error', // The key goes to the address that was written, and nowhere else.
    })
    body = await response.text()
  } catch (error) {
    throw providerFailure(error, false)
  }
  if (!response.ok) throw failureOfResponse(response.status, body)
  const parsed = ModelList.safeParse(safeJson(body))
  if (!parsed.success) {
    throw new ProviderFailure(
      'provider_not_found',
      'the address does not answer like a model server',
    )
  }
  return (parsed.data.data ?? []).slice(0, MAX_MODELS).map(({ id }) => id)
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
