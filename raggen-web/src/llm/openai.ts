import { plainAccess } from './access'
import type { Model, ModelLimits, ModelServerKind } from './answerer'
import { streamChat } from './chat-stream'
import { failureOfResponse } from './failure'
import type { Server } from './server'

import type { GenerationSettings } from '@/chat/settings'

/** OpenAI's own newer models refuse max_tokens; every other server knows nothing else. */
const OPENAI_HOST = 'api.openai.com'

export type WireParameters = { temperature?: number; max_tokens?: number }

/** Only what a person set: servers have defaults of their own, which fit their models better. */
export function wireParameters({ temperature, maxTokens }: GenerationSettings): WireParameters {
  return {
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  }
}

function renamedMaximum({ max_tokens, ...body }: Record<string, unknown>) {
  return max_tokens === undefined ? body : { ...body, max_completion_tokens: max_tokens }
}

/** Any OpenAI-compatible server: Ollama, vLLM, llama.cpp, LM Studio, OpenRouter, OpenAI, … */
export function openAiCompatible(
  server: Pick<Server, 'id' | 'baseUrl' | 'apiKey'> & {
    kind?: ModelServerKind
    headers?: Record<string, string>
  },
  model: string | null,
  limits: ModelLimits,
  parameters: WireParameters,
): Model {
  const access = plainAccess(server)
  const serverKind = server.kind ?? 'openai'
  const ofOpenAi = new URL(server.baseUrl).host === OPENAI_HOST
  return {
    kind: 'model',
    serverKind,
    providerId: server.id,
    model,
    limits,
    parameters: { ...parameters },
    stream: (messages, signal, onWaiting) => {
      if (model === null) throw failureOfResponse(404, 'model')
      const request = { providerId: server.id, serverKind, access, model, messages, parameters }
      const rewriteBody = ofOpenAi ? renamedMaximum : undefined
      return streamChat({ ...request, rewriteBody }, signal, onWaiting)
    },
  }
}
