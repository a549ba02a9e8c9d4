import type { ServerResponse } from 'node:http'

import { bodyOf, listen } from './listen'

/** How the server behaves towards the next completions. */
export type Behaviour =
  | 'answer'
  | 'unauthorized'
  | 'model-missing'
  | 'too-long'
  | 'rate-limited'
  | 'quota'
  | 'broken'
  | 'stall'
  | 'close-half-way'
  | 'error-in-stream'
  | 'no-finish-reason'
  | 'no-end'
  | 'length'
  | 'content-filter'
  | 'empty'
  | 'endless'

export type Completion = {
  model: string
  messages: { role: string; content: string }[]
  stream: boolean
  [parameter: string]: unknown
}

const WORDS = ['Archie ', 'is afraid ', 'of thunder.']

/** [status, body] as OpenAI, Ollama and vLLM word them; the first echoes the key, as OpenAI does. */
const REFUSALS: Partial<Record<Behaviour, (key: string) => [number, object]>> = {
  unauthorized: (key) => [
    401,
    { error: { message: `Incorrect API key provided: ${key}.`, code: 'invalid_api_key' } },
  ],
  'model-missing': () => [404, { error: { message: "model 'x' not found", type: 'api_error' } }],
  'too-long': () => [
    400,
    {
      error: {
        message: "This model's maximum context length is 4096 tokens.",
        code: 'context_length_exceeded',
      },
    },
  ],
  'rate-limited': () => [429, { error: { message: 'Rate limit reached for requests' } }],
  quota: () => [
    429,
    { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } },
  ],
  broken: () => [500, { error: { message: 'CUDA error' } }],
}

function chunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

const DONE = 'data: [DONE]\n\n'

function stream(behaviour: Behaviour, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(chunk({ role: 'assistant', content: '' }))
  if (behaviour === 'empty') return void response.end(chunk({}, 'stop') + DONE)
  const [first = '', ...rest] = WORDS
  response.write(chunk({ content: first }))
  switch (behaviour) {
    case 'stall':
      return
    case 'close-half-way':
      return void setTimeout(() => response.destroy(), 30)
    case 'error-in-stream':
      return void response.end(
        `data: ${JSON.stringify({ error: { message: 'out of memory', code: 500 } })}\n\n`,
      )
    case 'endless': {
      const timer = setInterval(() => response.write(chunk({ content: 'and ' })), 10)
      return void response.on('close', () => clearInterval(timer))
    }
    default:
  }
  for (const word of rest) response.write(chunk({ content: word }))
  const reasons: Partial<Record<Behaviour, string>> = {
    length: 'length',
    'content-filter': 'content_filter',
  }
  if (behaviour === 'no-end') return void response.end()
  if (behaviour !== 'no-finish-reason') response.write(chunk({}, reasons[behaviour] ?? 'stop'))
  response.end(DONE)
}

/** An OpenAI-compatible server that speaks the wire protocol and misbehaves on demand. */
export async function startOpenAiServer(models = ['tiny']) {
  const state = {
    behaviour: 'answer' as Behaviour,
    /** Every completion asked for, as it came over the wire. */
    completions: [] as Completion[],
    /** Authorization headers. */
    keys: [] as (string | undefined)[],
    /** Connections that the client closed before the answer ended. */
    aborted: 0,
  }
  const { url, close } = await listen(async (request, response) => {
    const key = request.headers.authorization
    state.keys.push(key)
    const refusal = REFUSALS[state.behaviour]?.(key ?? '')
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/v1/models') {
      if (refusal && state.behaviour === 'unauthorized') return json(...refusal)
      return json(200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) })
    }
    if (request.url !== '/v1/chat/completions') return json(404, { error: { message: 'not here' } })
    state.completions.push(JSON.parse(await bodyOf(request)) as Completion)
    response.on('close', () => (state.aborted += response.writableFinished ? 0 : 1))
    if (refusal) return json(...refusal)
    stream(state.behaviour, response)
  })
  return Object.assign(state, { url: `${url}/v1`, origin: url, close })
}
