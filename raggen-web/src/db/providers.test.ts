import { join } from 'node:path'

import { expect, it } from 'vitest'

import { contentsOf, tmpFolder, tmpStore } from '../../test/tmp'

import { openStore } from './store'

const AT = new Date()
const never = () => false
const server = {
  id: 'p1',
  kind: 'openai',
  name: 'Ollama',
  options: {},
  headers: {},
  baseUrl: 'http://127.0.0.1:11434/v1',
  apiKey: 'sk-secret-42',
}

it('keeps keys encrypted in the file, and lists servers without them', async () => {
  const store = tmpStore()
  await store.providers.add(server, never, AT)
  const [listed] = await store.providers.list()
  expect(listed).toEqual({
    ...{ id: 'p1', kind: 'openai', name: 'Ollama', baseUrl: server.baseUrl },
    ...{ options: {}, hasKey: true },
  })
  expect((await store.providers.find('p1'))?.apiKey).toBe('sk-secret-42')
  await store.close()
  expect(contentsOf(store.location).includes('sk-secret-42')).toBe(false)
})

it('says that a key is lost when the key file is another one', async () => {
  const { location, providers, close } = tmpStore()
  await providers.add(server, never, AT)
  await close()
  const again = openStore(location, join(tmpFolder(), 'another.key')).providers
  await expect(again.find('p1')).rejects.toMatchObject({ code: 'provider_key_lost' })
  expect(await again.list()).toHaveLength(1)
})

it('refuses what its caller calls the same', async () => {
  const { providers } = tmpStore()
  await providers.add(server, never, AT)
  const again = providers.add({ ...server, id: 'p2' }, ({ id }) => id === 'p1', AT)
  await expect(again).rejects.toMatchObject({ code: 'provider_exists' })
  expect(await providers.list()).toHaveLength(1)
})

it('keeps the values of headers encrypted beside the key, and changes what is named', async () => {
  const store = tmpStore()
  const { providers } = store
  await providers.add({ ...server, headers: { 'x-team': 'hidden-77' } }, never, AT)
  const hidden = { apiKey: 'sk-secret-42', headers: { 'x-team': 'hidden-77' } }
  expect(await providers.find('p1')).toMatchObject({ name: 'Ollama', ...hidden })
  await providers.change('p1', { name: 'Mine', options: { windowTokens: 4096 } })
  expect(await providers.find('p1')).toMatchObject({
    name: 'Mine',
    options: { windowTokens: 4096 },
    ...hidden,
  })
  await providers.change('p1', { secrets: { apiKey: null, headers: {} } })
  expect(await providers.find('p1')).toMatchObject({ apiKey: null, headers: {}, hasKey: false })
  await expect(providers.change('p2', {})).rejects.toMatchObject({ code: 'provider_unknown' })
  await store.close()
  expect(contentsOf(store.location).includes('hidden-77')).toBe(false)
})

it('takes a removed server out of the selection', async () => {
  const { providers, settings } = tmpStore()
  await providers.add({ ...server, apiKey: null }, never, AT)
  await settings.select({ providerId: 'p1', model: 'm' })
  await providers.remove('p1')
  expect(await settings.selection()).toEqual({ providerId: 'quotations', model: null })
  await expect(providers.remove('p1')).rejects.toMatchObject({ code: 'provider_unknown' })
})
