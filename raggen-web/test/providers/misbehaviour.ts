import type { ServerResponse } from 'node:http'

/** How a model's server behaves towards the next completions. */
export type Behaviour =
  | 'answer'
  | keyof typeof REFUSALS
  | 'redirect'
  | 'not-a-stream'
  | 'silent'
  | 'close-at-once'
  | 'stall-at-start'
  | 'keep-alive-only'
  | 'close-before-text'
  | 'malformed-at-start'
  | 'error-at-start'
  | 'empty'
  | 'refused-at-start'
  | 'slow'
  | 'stall'
  | 'close-half-way'
  | 'malformed'
  | 'wrong-shape'
  | 'error-in-stream'
  | 'sentence-in-stream'
  | 'no-finish-reason'
  | 'no-end'
  | 'length'
  | 'content-filter'
  | 'blacklist'
  | 'gave-up'
  | 'no-usage'
  | 'thinking'
  | 'endless'
  | 'hundred-thousand'

export const WORDS = ['Archie ', 'is afraid ', 'of thunder.']

type Refusal = { status: number; body: object | string; headers?: Record<string, string> }
const refusal = (status: number, message: string, more: object = {}): Refusal => {
  return { status, body: { error: { message, ...more } } }
}

/** As OpenAI, Ollama, vLLM, Yandex and GigaChat word them; the first echoes the key, as OpenAI does. */
const REFUSALS = {
  unauthorized: (key: string) =>
    refusal(401, `Incorrect API key provided: ${key}.`, { code: 'invalid_api_key' }),
  payment: () => refusal(402, 'Payment Required'),
  forbidden: () => refusal(403, 'Permission denied'),
  'model-missing': () => refusal(404, "model 'x' not found", { type: 'api_error' }),
  'nothing-here': (): Refusal => ({ status: 404, body: '<html>404</html>' }),
  'request-timeout': () => refusal(408, 'Request Timeout'),
  'too-large': () => refusal(413, 'Payload Too Large'),
  unprocessable: () => refusal(422, 'Invalid params: temperature'),
  'too-long': () =>
    refusal(400, "This model's maximum context length is 4096 tokens.", {
      code: 'context_length_exceeded',
    }),
  'rate-limited': () => refusal(429, 'Rate limit reached for requests'),
  'rate-limited-briefly': (): Refusal => ({
    ...refusal(429, 'Too many requests'),
    headers: { 'retry-after': '1' },
  }),
  'rate-limited-long': (): Refusal => ({
    ...refusal(429, 'Too many requests'),
    headers: { 'retry-after': '3600' },
  }),
  quota: () => refusal(429, 'You exceeded your current quota', { code: 'insufficient_quota' }),
  broken: () => refusal(500, 'CUDA error'),
  'bad-gateway': (): Refusal => ({ status: 502, body: '<html>502 Bad Gateway</html>' }),
  loading: () => refusal(503, 'Loading model'),
  'gateway-timeout': () => refusal(504, 'upstream timed out'),
} satisfies Record<string, (key: string) => Refusal>

export function refusalOf(behaviour: Behaviour, key: string): Refusal | null {
  const make = (REFUSALS as Partial<Record<Behaviour, (key: string) => Refusal>>)[behaviour]
  return make?.(key) ?? null
}

export function refuse(response: ServerResponse, { status, body, headers }: Refusal): void {
  const html = typeof body === 'string'
  response
    .writeHead(status, { 'content-type': html ? 'text/html' : 'application/json', ...headers })
    .end(html ? body : JSON.stringify(body))
}

export function chunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`
}

const DONE = 'data: [DONE]\n\n'
const ERROR = `data: ${JSON.stringify({ error: { message: 'out of memory', code: 500 } })}\n\n`

/** Writes again and again until the client goes. */
function forever(response: ServerResponse, text: string, everyMs: number): void {
  const timer = setInterval(() => response.write(text), everyMs)
  response.on('close', () => clearInterval(timer))
}

/** Ends without a word of the answer. False: the behaviour begins with words. */
function beginWrongly(behaviour: Behaviour, response: ServerResponse): boolean {
  switch (behaviour) {
    case 'stall-at-start':
      return true
    case 'keep-alive-only':
      forever(response, ': keep-alive\n\n', 50)
      return true
    case 'close-before-text':
      setTimeout(() => response.destroy(), 20)
      return true
    case 'malformed-at-start':
      response.end('data: {"choices": [{"del\n\n')
      return true
    case 'error-at-start':
      response.end(ERROR)
      return true
    case 'empty':
      response.end(chunk({}, 'stop') + DONE)
      return true
    case 'refused-at-start':
      response.end(chunk({}, 'content_filter') + DONE)
      return true
    default:
      return false
  }
}

/** Goes wrong after the first word. False: the behaviour goes on. */
function goOnWrongly(behaviour: Behaviour, response: ServerResponse): boolean {
  switch (behaviour) {
    case 'stall':
      return true
    case 'close-half-way':
      setTimeout(() => response.destroy(), 30)
      return true
    case 'malformed':
      response.end('data: {"choices": [{"del\n\n')
      return true
    case 'wrong-shape':
      response.end('data: {"weather": "sunny"}\n\n')
      return true
    case 'error-in-stream':
      response.end(ERROR)
      return true
    case 'sentence-in-stream':
      response.end('data: {"error": "llama runner process has terminated"}\n\n')
      return true
    case 'endless':
      forever(response, chunk({ content: 'and ' }), 10)
      return true
    case 'hundred-thousand':
      for (let index = 0; index < 100_000; index += 1)
        response.write(chunk({ content: 'and so on ' }))
      response.end(chunk({}, 'stop') + DONE)
      return true
    default:
      return false
  }
}

const FINISH: Partial<Record<Behaviour, string>> = {
  length: 'length',
  'content-filter': 'content_filter',
  blacklist: 'blacklist',
  'gave-up': 'error',
}

/** A completion's stream. `slowMs`: between two pieces, where the behaviour is slow. */
export async function stream(
  behaviour: Behaviour,
  response: ServerResponse,
  slowMs = 150,
): Promise<void> {
  if (behaviour === 'close-at-once') return void response.destroy()
  if (behaviour === 'silent') return
  if (behaviour === 'redirect') {
    return void response.writeHead(302, { location: 'http://192.0.2.1/' }).end()
  }
  if (behaviour === 'not-a-stream') {
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Hello</html>')
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(chunk({ role: 'assistant', content: '' }))
  if (beginWrongly(behaviour, response)) return
  if (behaviour === 'thinking') response.write(chunk({ reasoning_content: 'Let me think.' }))
  const [first = '', ...rest] = WORDS
  response.write(chunk({ content: first }))
  if (goOnWrongly(behaviour, response)) return
  for (const word of rest) {
    if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, slowMs))
    response.write(chunk({ content: word }))
  }
  if (behaviour === 'no-end') return void response.end()
  if (behaviour !== 'no-finish-reason') response.write(chunk({}, FINISH[behaviour] ?? 'stop'))
  if (behaviour !== 'no-usage' && behaviour !== 'no-finish-reason') {
    const usage = { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 }
    response.write(`data: ${JSON.stringify({ id: 'c1', choices: [], usage })}\n\n`)
  }
  response.end(DONE)
}
