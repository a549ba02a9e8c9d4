import { describe, expect, it } from 'vitest'

import { listen } from '../../test/listen'

import { HALF_OPEN_AFTER_MS } from './circuit'
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

  it('stops asking a raggen-embed that hangs, and notices its return within a second or so', async () => {
    let hangs = true
    let asked = 0
    const server = await listen((_request, response) => {
      asked += 1
      if (hangs) return
      const found = { model: 'm', generation: 1, total_items: 0, results: [], took_ms: 1 }
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...found, default_min_relevance: 0.5, follow_up: null }))
    })
    const client = createEmbedClient(server.url)
    const search = (ms: number) =>
      client.search({ text: 'Archie' }, { requestId: 'test', signal: AbortSignal.timeout(ms) })
    for (let n = 0; n < 3; n += 1)
      await expect(search(100)).rejects.toBeInstanceOf(EmbedUnavailable)
    const before = asked
    const startedAt = performance.now()
    await expect(search(10_000)).rejects.toBeInstanceOf(EmbedUnavailable)
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(asked).toBe(before)
    hangs = false
    await new Promise((resolve) => setTimeout(resolve, HALF_OPEN_AFTER_MS + 50))
    await expect(search(5_000)).resolves.toMatchObject({ model: 'm' })
  })

  it('does not take people who leave for a raggen-embed that hangs', async () => {
    const server = await listen(() => {})
    const client = createEmbedClient(server.url)
    for (let n = 0; n < 5; n += 1) {
      const leaving = new AbortController()
      const search = client.search({ text: 'x' }, { requestId: 'test', signal: leaving.signal })
      setTimeout(() => leaving.abort(), 30)
      await expect(search).rejects.toBeInstanceOf(EmbedUnavailable)
    }
    const startedAt = performance.now()
    const signal = AbortSignal.timeout(400)
    await expect(client.search({ text: 'x' }, { requestId: 't', signal })).rejects.toThrow()
    expect(performance.now() - startedAt).toBeGreaterThan(300)
  })
})
