import type { Model } from './answerer'
import { openAiCompatible } from './openai'

/** As the server that `raggen up` starts names it. */
export const LOCAL_MODEL = 'smollm2-135m-instruct'

/**
 * The bundled SmolLM2-135M-Instruct, a demonstration: 8192 tokens of context, but so small a model
 * loses the thread long before, and each thousand tokens takes it seconds to read on a laptop.
 */
export function localModel(baseUrl: string): Model {
  return openAiCompatible({
    providerId: 'local',
    baseUrl,
    apiKey: null,
    model: LOCAL_MODEL,
    // It starts on the first connection, so its first silence is long.
    limits: { promptTokens: 2000, contextItems: 3, silenceMs: 90_000, brief: true },
    parameters: { temperature: 0.2, max_tokens: 512 },
  })
}
