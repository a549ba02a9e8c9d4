import { bodyOf, listen } from '../listen'
import type { Completion } from '../openai-server'

import { refusalOf, refuse, stream, type Behaviour } from './misbehaviour'

export const YANDEX = { key: 'AQVN-test-key', folder: 'b1gtestfolder' }

/** Yandex AI Studio's OpenAI-compatible API: who asks without folder, key or full model names is refused. */
export async function startYandexServer() {
  const state = {
    behaviour: 'answer' as Behaviour,
    times: Number.POSITIVE_INFINITY,
    completions: [] as Completion[],
    /** Texts that were tokenized. */
    tokenized: [] as string[],
    /** Requests that said nothing about logging or allowed it. */
    logged: 0,
  }
  const models = ['yandexgpt/latest', 'yandexgpt-lite/latest', 'qwen3-235b-a22b-fp8/latest']
  const { url, close } = await listen(async (request, response) => {
    const { authorization, 'openai-project': folder } = request.headers
    if (request.headers['x-data-logging-enabled'] !== 'false') state.logged += 1
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (authorization !== `Bearer ${YANDEX.key}`) {
      return json(401, { error: { message: `Unknown api key '${authorization}'` } })
    }
    if (folder !== YANDEX.folder) return json(403, { error: { message: 'Permission denied' } })
    const body = await bodyOf(request)
    if (request.url === '/v1/models') {
      const data = [
        ...models.map((name) => ({ id: `gpt://${YANDEX.folder}/${name}`, object: 'model' })),
        { id: `emb://${YANDEX.folder}/text-search-doc/latest`, object: 'model' },
      ]
      return json(200, { object: 'list', data })
    }
    if (request.url === '/foundationModels/v1/tokenize') {
      const { text } = JSON.parse(body) as { modelUri: string; text: string }
      state.tokenized.push(text)
      const tokens = text.split(' ').map((word, id) => ({ id: String(id), text: word }))
      return json(200, { tokens, modelVersion: '1' })
    }
    if (request.url !== '/v1/chat/completions') return json(404, { error: { message: 'not here' } })
    const asked = JSON.parse(body) as Completion
    state.completions.push(asked)
    if (!asked.model.startsWith(`gpt://${YANDEX.folder}/`)) {
      return json(400, { error: { message: 'Failed to parse model URI' } })
    }
    const behaviour = state.completions.length > state.times ? 'answer' : state.behaviour
    const refusal = refusalOf(behaviour, authorization)
    if (refusal) return refuse(response, refusal)
    await stream(behaviour, response)
  })
  return Object.assign(state, { url: `${url}/v1`, close })
}
