import type { Model } from './answerer'
import { openAiCompatible } from './openai'

import type { GenerationSettings } from '@/chat/settings'

/** As the server that `raggen up` starts names it. */
export const LOCAL_MODEL = 'smollm2-135m-instruct'

const WINDOW_TOKENS = 8192
const PROMPT_TOKENS = 2000
/** Longer answers of so small a model only repeat themselves. */
const MAX_ANSWER_TOKENS = 512
/** It starts on the first connection, so its first silence is long. */
const SILENCE_MS = 90_000

/**
 * The bundled SmolLM2-135M-Instruct, a demonstration: 8192 tokens of context, but so small a model
 * loses the thread long before, and each thousand tokens takes it seconds to read on a laptop.
 */
export function localModel(baseUrl: string, generation: GenerationSettings): Model {
  const answerTokens = Math.min(
    generation.maxTokens ?? MAX_ANSWER_TOKENS,
    WINDOW_TOKENS - PROMPT_TOKENS,
  )
  return openAiCompatible(
    { id: 'local', kind: 'local', baseUrl, apiKey: null },
    LOCAL_MODEL,
    {
      windowTokens: WINDOW_TOKENS,
      answerTokens,
      promptTokens: PROMPT_TOKENS,
      contextItems: 3,
      silenceMs: SILENCE_MS,
      brief: true,
    },
    { temperature: generation.temperature ?? 0.2, max_tokens: answerTokens },
  )
}
