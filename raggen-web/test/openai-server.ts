import { bodyOf, listen } from './listen'
import { refusalOf, refuse, stream, type Behaviour } from './providers/misbehaviour'

export type { Behaviour } from './providers/misbehaviour'

export type Completion = {
  model: string
  messages: { role: string; content: string }[]
  stream: boolean
  [parameter: string]: unknown
}

/** An OpenAI-compatible server that speaks the wire protocol and misbehaves on demand. */
export async function startOpenAiServer(models = ['tiny']) {
  const state = {
    behaviour: 'answer' as Behaviour,
    /** So many completions misbehave, the next ones are answered. */
    times: Number.POSITIVE_INFINITY,
    /** Every completion asked for, as it came over the wire. */
    completions: [] as Completion[],
    /** Authorization headers. */
    keys: [] as (string | undefined)[],
    /** Headers of the last request. */
    headers: {} as Record<string, unknown>,
    /** What `/models` says of each model besides its id. */
    about: {} as object,
    /** Connections that the client closed before the answer ended. */
    aborted: 0,
  }
  const { url, close } = await listen(async (request, response) => {
    const key = request.headers.authorization
    state.keys.push(key)
    state.headers = request.headers
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.url === '/v1/models') {
      const refusal = refusalOf(state.behaviour, key ?? '')
      if (refusal && state.behaviour === 'unauthorized') return refuse(response, refusal)
      const data = models.map((id) => ({ id, object: 'model', ...state.about }))
      return json(200, { object: 'list', data })
    }
    if (request.url !== '/v1/chat/completions') return json(404, { error: { message: 'not here' } })
    state.completions.push(JSON.parse(await bodyOf(request)) as Completion)
    response.on('close', () => (state.aborted += response.writableFinished ? 0 : 1))
    const behaviour = state.completions.length > state.times ? 'answer' : state.behaviour
    const refusal = refusalOf(behaviour, key ?? '')
    if (refusal) return refuse(response, refusal)
    await stream(behaviour, response)
  })
  return Object.assign(state, { url: `${url}/v1`, origin: url, close })
}
