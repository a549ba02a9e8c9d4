import { describe, expect, it } from 'vitest'

import { listen } from '../../test/listen'

import { listModels } from './models'

const KEY = 'sk-secret'

describe('listModels', () => {
  it('gives up on a list that never ends, before it fills the memory', async () => {
    let sent = 0
    const { url } = await listen((_request, response) => {
      const block = Buffer.alloc(1024 * 1024, 'x')
      const write = () => {
        if (response.destroyed) return
        sent += block.length
        response.write(block, write)
      }
      write()
    })
    await expect(listModels(url, null, 10_000)).rejects.toThrow(/model server/)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  it('follows no redirect: the key goes nowhere else', async () => {
    const keys: unknown[] = []
    const other = await listen((request, response) => {
      keys.push(request.headers.authorization)
      response.end('{"data":[]}')
    })
    const { url } = await listen((_request, response) => {
      response.writeHead(302, { location: `${other.url}/models` }).end()
    })
    await expect(listModels(url, KEY, 5_000)).rejects.toMatchObject({ code: 'provider_not_found' })
    expect(keys).toEqual([])
  })

  it('does not take a page that repeats the path for a missing model', async () => {
    const { url } = await listen((request, response) => {
      response.writeHead(404).end(`Cannot GET ${request.url}`)
    })
    await expect(listModels(`${url}/v1`, null, 5_000)).rejects.toMatchObject({
      code: 'provider_not_found',
    })
  })

  it('keeps each usable name once', async () => {
    const ids = ['tiny', 'tiny', '', 'x'.repeat(301), 'big']
    const { url } = await listen((_request, response) => {
      response.end(JSON.stringify({ data: ids.map((id) => ({ id })) }))
    })
    expect(await listModels(url, null, 5_000)).toEqual(['tiny', 'big'])
  })
})
