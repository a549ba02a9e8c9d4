import { expect, it } from 'vitest'

import { deadUrl, listen } from '../../test/listen'
import { startOpenAiServer } from '../../test/openai-server'

import { discoverServers, portsOf } from './discovery'

it('finds model servers and nothing else, within its deadline', async () => {
  const openai = await startOpenAiServer(['tiny', 'big'])
  const website = await listen((_request, response) => response.end('<html>'))
  const silent = await listen(() => {})
  const startedAt = performance.now()
  const found = await discoverServers(
    [
      { name: 'Ollama', url: openai.origin },
      { name: 'Website', url: website.url },
      { name: 'Silent', url: silent.url },
      { name: 'Nobody', url: await deadUrl() },
    ],
    new Set(),
  )
  expect(found).toEqual([{ name: 'Ollama', baseUrl: openai.url, models: ['tiny', 'big'] }])
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})

it('looks at loopback alone, and not at raggen itself', async () => {
  const openai = await startOpenAiServer()
  const places = [
    { name: 'Own', url: openai.origin },
    { name: 'Elsewhere', url: 'http://192.0.2.1:11434' },
  ]
  expect(await discoverServers(places, portsOf([openai.url]))).toEqual([])
  expect(openai.keys).toEqual([])
})
