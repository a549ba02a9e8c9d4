import { jsonRequest, startRuntime } from './chat'
import { startEmbedServer } from './embed-server'
import { startOpenAiServer } from './openai-server'

import { POST as connectProvider } from '@/app/api/providers/route'
import { PUT as selectProvider } from '@/app/api/selection/route'

const NO_PARAMS = { params: Promise.resolve({}) }

/** What test servers take and no log may show. */
export const MODEL_KEY = 'sk-secret-0123456789'

/** A runtime with a memory and a model's server that was chosen to answer. */
export async function startWithModel(
  variables: Record<string, string> = {},
  options: { titles?: boolean } = {},
) {
  const [embed, openai] = await Promise.all([startEmbedServer(), startOpenAiServer()])
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url, ...variables }, options)
  const connected = await connectProvider(
    jsonRequest('/api/providers', 'POST', { baseUrl: openai.origin, apiKey: MODEL_KEY }),
    NO_PARAMS,
  )
  const { provider } = (await connected.json()) as { provider: { id: string } }
  await selectProvider(jsonRequest('/api/selection', 'PUT', { providerId: provider.id }), NO_PARAMS)
  return { embed, openai, runtime, providerId: provider.id }
}
