import { readFileSync, rmSync } from 'node:fs'

import { expect, it } from 'vitest'

import { tmpStore } from '../../test/tmp'

const AT = new Date()
const server = {
  id: 'p1',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  apiKey: 'sk-secret-42',
}

it('keeps keys encrypted in the file, and lists servers without them', async () => {
  const store = tmpStore()
  await store.providers.add(server, AT)
  const [listed] = await store.providers.list()
  expect(listed).toEqual({ id: 'p1', name: 'Ollama', baseUrl: server.baseUrl, hasKey: true })
  expect((await store.providers.find('p1'))?.apiKey).toBe('sk-secret-42')
  await store.close()
  expect(readFileSync(store.path).includes('sk-secret-42')).toBe(false)
})

it('says that a key is lost when the key file is another one', async () => {
  const { path, providers, close } = tmpStore()
  await providers.add(server, AT)
  await close()
  rmSync(`${path}.key`)
  const again = tmpStore(path).providers
  await expect(again.find('p1')).rejects.toMatchObject({ code: 'provider_key_lost' })
  expect(await again.list()).toHaveLength(1)
})

it('has one row an address', async () => {
  const { providers } = tmpStore()
  await providers.add(server, AT)
  await expect(providers.add({ ...server, id: 'p2' }, AT)).rejects.toMatchObject({
    code: 'provider_exists',
  })
})

it('takes a removed server out of the selection', async () => {
  const { providers, settings } = tmpStore()
  await providers.add({ ...server, apiKey: null }, AT)
  await settings.select({ providerId: 'p1', model: 'm' })
  await providers.remove('p1')
  expect(await settings.selection()).toEqual({ providerId: 'quotations', model: null })
  await expect(providers.remove('p1')).rejects.toMatchObject({ code: 'provider_not_found' })
})
