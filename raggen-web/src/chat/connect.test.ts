import { join } from 'node:path'

import { expect, it, onTestFinished } from 'vitest'

import { startOpenAiServer } from '../../test/openai-server'
import { tmpFolder, tmpStore } from '../../test/tmp'

import { changeProvider, type ServerChange } from './connect'

import { openStore } from '@/db/store'
import { createRegistry } from '@/llm/registry'

/** A server whose key was stored with `right`, and is now looked at with another key file. */
async function startWithLostKey() {
  const openai = await startOpenAiServer()
  const { location, close } = tmpStore()
  await close()
  const open = (keyFile: string) => {
    const store = openStore(location, keyFile)
    onTestFinished(() => store.close())
    return store
  }
  const folder = tmpFolder()
  const right = open(join(folder, 'right.key'))
  const hidden = { apiKey: 'sk-right', headers: { 'x-team': 'blue' } }
  const server = { id: 'p1', kind: 'openai', name: 'Mine', baseUrl: openai.url, ...hidden }
  await right.providers.add(
    { ...server, options: { headerNames: ['x-team'] } },
    () => false,
    new Date(),
  )
  const wrong = open(join(folder, 'wrong.key'))
  const registry = createRegistry({ localModelUrl: '', environment: [], silenceMs: 1_000 })
  return { openai, right, wrong, registry, hidden }
}

it('keeps a key that cannot be read through every change without a new one', async () => {
  const { openai, right, wrong, registry, hidden } = await startWithLostKey()
  const lost = { code: 'provider_key_lost' }
  const kept: ServerChange[] = [{}, { headers: {} }, { headers: { 'x-team': null } }]
  for (const each of kept) {
    const change = { name: 'Renamed', ...each }
    await expect(changeProvider(wrong, registry, 'p1', change)).rejects.toMatchObject(lost)
  }
  // A new one that does not work is not kept either.
  openai.behaviour = 'unauthorized'
  const refused = changeProvider(wrong, registry, 'p1', { apiKey: 'sk-no', headers: {} })
  await expect(refused).rejects.toMatchObject({ code: 'provider_unauthorized' })
  expect(await right.providers.find('p1')).toMatchObject({ name: 'Mine', ...hidden })
})

it('takes a new key instead of one that cannot be read', async () => {
  const { openai, wrong, registry } = await startWithLostKey()
  await changeProvider(wrong, registry, 'p1', { apiKey: 'sk-new', headers: { 'x-team': 'red' } })
  expect(openai.keys.at(-1)).toBe('Bearer sk-new')
  expect(await wrong.providers.find('p1')).toMatchObject({
    apiKey: 'sk-new',
    headers: { 'x-team': 'red' },
  })
})
