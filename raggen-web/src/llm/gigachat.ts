import { z } from 'zod'

import { ownHeaders, traceHeaders, type Access } from './access'
import { aliveUntil } from './alive'
import type { AnswerStream, Model, ModelLimits, OnWaiting, PromptMessage } from './answerer'
import { boundedText, safeJson } from './body'
import { streamChat } from './chat-stream'
import { failureOfResponse, providerFailure } from './failure'
import { createTokenSource } from './gigachat-token'
import type { WireParameters } from './openai'
import { GIGACHAT_AUTH_URL, type Server } from './server'
import { trustedFetch } from './trusted-fetch'
import { createTurns, type Turns } from './turns'

import type { GenerationSettings } from '@/chat/settings'
import { ProviderFailure } from '@/errors'

/** Every model since the first generation reads this much at least. */
export const GIGACHAT_WINDOW_TOKENS = 32_768

/** What a private person's key may do: one answer at a time. */
const CONCURRENCY = 1
/** Temperature must be above 0. */
const LOWEST_TEMPERATURE = 0.01

/** One connected GigaChat: its token and its queue live as long as its key does. */
export type GigaChat = { access: Access; turns: Turns }

const EXPLAINED: Record<string, string> = { provider_certificate: 'provider_gigachat_certificate' }

function explain(failure: ProviderFailure): ProviderFailure {
  const code = EXPLAINED[failure.code]
  if (!code) return failure
  return new ProviderFailure(code, failure.message, { cause: failure, detail: failure.detail })
}

export function connectGigaChat({ baseUrl, apiKey, headers: extra, options }: Server): GigaChat {
  const authUrl = options.authUrl ?? GIGACHAT_AUTH_URL
  const send = options.certificate ? trustedFetch(options.certificate, [baseUrl, authUrl]) : fetch
  const scope = options.scope ?? 'GIGACHAT_API_PERS'
  const tokens = createTokenSource({ authUrl, authKey: apiKey ?? '', scope, fetch: send })
  const access: Access = {
    baseUrl,
    fetch: send,
    headers: async () => ({
      ...traceHeaders(),
      authorization: `Bearer ${await tokens.token()}`,
      ...ownHeaders(extra),
    }),
    renew: ({ authorization = '' }) => tokens.forget(authorization.replace('Bearer ', '')),
    explain,
  }
  return { access, turns: createTurns(options.concurrency ?? CONCURRENCY) }
}

/** Exactly one system message, and it comes first; anything else is refused with 422. */
export function systemFirst(messages: PromptMessage[]): PromptMessage[] {
  const system = messages.filter(({ role }) => role === 'system')
  const rest = messages.filter(({ role }) => role !== 'system')
  if (system.length === 0) return rest
  return [{ role: 'system', content: system.map(({ content }) => content).join('\n\n') }, ...rest]
}

export function gigaChatParameters({ temperature, maxTokens }: GenerationSettings): WireParameters {
  return {
    ...(temperature !== null && { temperature: Math.max(temperature, LOWEST_TEMPERATURE) }),
    ...(maxTokens !== null && { max_tokens: maxTokens }),
  }
}

/** Waits for its turn with signs of life, then answers. */
async function* inTurn(
  turns: Turns,
  answer: () => AnswerStream,
  signal: AbortSignal,
  onWaiting?: OnWaiting,
): AnswerStream {
  if (turns.busy()) onWaiting?.('turn')
  const release = yield* aliveUntil(turns.take(signal))
  try {
    return yield* answer()
  } finally {
    release()
  }
}

const Counted = z.array(z.object({ tokens: z.number().int().nonnegative() }))

async function countTokens(
  access: Access,
  model: string,
  input: string[],
  signal: AbortSignal,
): Promise<number[]> {
  if (input.length === 0) return []
  try {
    const response = await access.fetch(`${access.baseUrl}/tokens/count`, {
      method: 'POST',
      headers: { ...(await access.headers(signal)), 'content-type': 'application/json' },
      body: JSON.stringify({ model, input }),
      signal,
      redirect: 'error',
      cache: 'no-store',
    })
    const body = await boundedText(response, noCounts)
    if (!response.ok) throw failureOfResponse(response.status, body)
    const parsed = Counted.safeParse(safeJson(body))
    if (!parsed.success || parsed.data.length !== input.length) throw noCounts()
    return parsed.data.map(({ tokens }) => tokens)
  } catch (error) {
    throw access.explain(providerFailure(error, false))
  }
}

function noCounts(): ProviderFailure {
  return new ProviderFailure('provider_malformed', 'the provider did not count the tokens')
}

/** GigaChat: OpenAI's wire with tokens that live half an hour, and one answer at a time. */
export function gigaChatModel(
  { access, turns }: GigaChat,
  providerId: string,
  model: string | null,
  limits: ModelLimits,
  parameters: WireParameters,
): Model {
  return {
    kind: 'model',
    serverKind: 'gigachat',
    providerId,
    model,
    limits,
    parameters: { ...parameters },
    ...(model !== null && {
      countTokens: (texts: string[], signal: AbortSignal) =>
        countTokens(access, model, texts, signal),
    }),
    stream: (messages, signal, onWaiting) => {
      if (model === null) throw failureOfResponse(404, 'model')
      const request = {
        providerId,
        serverKind: 'gigachat' as const,
        access,
        model,
        parameters,
        messages: systemFirst(messages),
      }
      return inTurn(turns, () => streamChat(request, signal, onWaiting), signal, onWaiting)
    },
  }
}
