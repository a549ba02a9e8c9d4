import { expect, it } from 'vitest'

import { listen } from '../../test/listen'

import { providerFailure } from './failure'
import { limitsFor, SILENCE_MS } from './limits'
import { openAiCompatible } from './openai'

import { DEFAULTS } from '@/chat/settings'

it('gives up on one line that never ends, before it fills the memory', async () => {
  let sent = 0
  const { url } = await listen((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {')
    const block = Buffer.alloc(1024 * 1024, 'x')
    const write = () => {
      if (response.destroyed) return
      sent += block.length
      response.write(block, write)
    }
    write()
  })
  const server = { id: 'p', baseUrl: url, apiKey: null }
  const limits = limitsFor(8192, DEFAULTS.generation, SILENCE_MS)
  const model = openAiCompatible(server, 'm', limits, {})
  const signal = AbortSignal.timeout(15_000)
  const stream = model.stream([{ role: 'user', content: 'Hello' }], signal)
  const error: unknown = await stream.next().catch((thrown: unknown) => thrown)
  expect(providerFailure(error, false).code).toBe('provider_error')
  expect(signal.aborted).toBe(false)
  expect(sent).toBeLessThan(256 * 1024 * 1024)
})
