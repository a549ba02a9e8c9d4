import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

import { onTestFinished } from 'vitest'

import { bodyOf } from '../listen'
import type { Completion } from '../openai-server'

import type { Certificates } from './certificates'
import { refusalOf, refuse, stream, type Behaviour } from './misbehaviour'

export const GIGACHAT_KEY = 'Z2lnYTpjaGF0'
const UUID4 = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/

function newState() {
  return {
    behaviour: 'answer' as Behaviour,
    times: Number.POSITIVE_INFINITY,
    completions: [] as Completion[],
    /** Scope that the key is for. */
    scope: 'GIGACHAT_API_PERS',
    /** How long tokens live; `seconds`: expires_at as one example of the docs has it. */
    tokenLifeMs: 30 * 60_000,
    seconds: false,
    /** Milliseconds before a token is given out. */
    authDelayMs: 0,
    tokensGiven: 0,
    /** The one token that is good now. */
    token: '',
    /** Answers being written now, and the most there ever were. */
    streams: 0,
    mostStreams: 0,
    counted: [] as string[][],
  }
}
type State = ReturnType<typeof newState>
type Answer = (status: number, body: object) => void

async function giveToken(state: State, request: IncomingMessage, json: Answer) {
  const { authorization, rquid } = request.headers
  const body = await bodyOf(request)
  await new Promise((resolve) => setTimeout(resolve, state.authDelayMs))
  if (!UUID4.test(String(rquid))) return json(400, { code: 1, message: 'RqUID is missing' })
  if (authorization !== `Basic ${GIGACHAT_KEY}`) {
    return json(401, { code: 6, message: 'credentials doesn’t match db data' })
  }
  if (body !== `scope=${state.scope}`) {
    return json(400, { code: 7, message: 'scope from db not fully includes consumed scope' })
  }
  state.tokensGiven += 1
  state.token = `token-${state.tokensGiven}`
  const ends = Date.now() + state.tokenLifeMs
  const expires_at = state.seconds ? Math.round(ends / 1000) : ends
  return json(200, { access_token: state.token, expires_at })
}

/** The rules that only GigaChat has. */
function broken({ messages, temperature }: Completion): string | null {
  const system = messages.findLastIndex(({ role }) => role === 'system')
  if (system > 0) return 'system message must be the first message'
  return temperature === 0 ? 'temperature must be in range (0, +inf)' : null
}

async function complete(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  json: Answer,
) {
  const asked = JSON.parse(await bodyOf(request)) as Completion
  state.completions.push(asked)
  const rule = broken(asked)
  if (rule !== null) return json(422, { status: 422, message: rule })
  if (state.streams > 0) return json(429, { status: 429, message: 'Too many requests' })
  const behaviour = state.completions.length > state.times ? 'answer' : state.behaviour
  const refusal = refusalOf(behaviour, request.headers.authorization ?? '')
  if (refusal) return refuse(response, refusal)
  state.streams += 1
  state.mostStreams = Math.max(state.mostStreams, state.streams)
  response.on('close', () => (state.streams -= 1))
  await stream(behaviour, response)
}

/** GigaChat over TLS with an authority of its own: OAuth, models, chat, token counts, one stream at a time. */
export async function startGigaChatServer({ cert, key }: Certificates) {
  const state = newState()
  const server = createServer({ cert, key }, (request, response) => {
    const json: Answer = (status, body) =>
      void response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(body))
    void (async () => {
      if (request.url === '/api/v2/oauth') return giveToken(state, request, json)
      if (state.token === '' || request.headers.authorization !== `Bearer ${state.token}`) {
        return json(401, { status: 401, message: 'Token has expired' })
      }
      if (request.url === '/api/v1/models') {
        const data = ['GigaChat-2', 'GigaChat-2-Max'].map((id) => ({ id, object: 'model' }))
        return json(200, { object: 'list', data })
      }
      if (request.url === '/api/v1/tokens/count') {
        const { input } = JSON.parse(await bodyOf(request)) as { input: string[] }
        state.counted.push(input)
        const count = (text: string) => ({ object: 'tokens', tokens: text.length, characters: 1 })
        return json(200, input.map(count) as object)
      }
      if (request.url !== '/api/v1/chat/completions') return json(404, { message: 'not here' })
      return complete(state, request, response, json)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  return Object.assign(state, {
    url: `${origin}/api/v1`,
    authUrl: `${origin}/api/v2/oauth`,
    close,
  })
}
