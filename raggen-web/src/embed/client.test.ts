import { describe, expect, it } from 'vitest'

import { listen } from '../../test/listen'

import { createEmbedClient, EmbedUnavailable } from './client'

const KEY = 'the-key-of-this-test'

/** Answers as a raggen-embed that has KEY: 401 without it, but /readyz tells everybody its status. */
async function startGuarded() {
  const server = await listen((request, response) => {
    const sent = request.headers.authorization
    const json = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (sent === `Bearer ${KEY}`) return json(200, { status: 'ready', model: 'all-MiniLM-L6-v2' })
    if (sent === undefined && request.url === '/readyz')
      return json(200, { status: 'ready', model: null })
    return json(401, { error: { code: 'unauthorized', message: 'No.', request_id: 'r' } })
  })
  return server.url
}

const options = () => ({ requestId: 'test', signal: AbortSignal.timeout(2000) })

describe('the client', () => {
  it('sends its key', async () => {
    const client = createEmbedClient(await startGuarded(), KEY)
    await expect(client.ready(options())).resolves.toEqual({ model: 'all-MiniLM-L6-v2' })
    await expect(client.remove([], options())).resolves.toBeUndefined()
  })

  it.each(['', 'a-key-of-somebody-else'])(
    'counts a wrong key (%j) as unavailable: what was refused is not lost',
    async (key) => {
      const client = createEmbedClient(await startGuarded(), key)
      const calls = [
        () => client.ready(options()),
        () => client.remove([], options()),
        () => client.upsert([], options()),
        () => client.search({ text: 'Archie' }, options()),
      ]
      for (const call of calls) {
        await expect(call()).rejects.toBeInstanceOf(EmbedUnavailable)
        await expect(call()).rejects.toMatchObject({ status: 401 })
      }
    },
  )
})
