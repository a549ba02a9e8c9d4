import type { Database } from './database'
import type { Secrets } from './secrets'

import { Conflict, NotFound, ProviderFailure } from '@/errors'

/** An OpenAI-compatible server that somebody added. The key is asked for apart, when it is used. */
export type ProviderRow = { id: string; name: string; baseUrl: string; hasKey: boolean }

export type Providers = {
  list: () => Promise<ProviderRow[]>
  /** @throws ProviderFailure provider_key_lost: the key file is another than the one it was stored with */
  find: (id: string) => Promise<(ProviderRow & { apiKey: string | null }) | null>
  /** @throws Conflict provider_exists: one row an address */
  add: (
    provider: { id: string; name: string; baseUrl: string; apiKey: string | null },
    at: Date,
  ) => Promise<ProviderRow>
  /** Also takes it out of the selection. @throws NotFound */
  remove: (id: string) => Promise<void>
}

type Row = { id: string; name: string; baseUrl: string; encryptedKey: string | null }

function withoutKey({ id, name, baseUrl, encryptedKey }: Row): ProviderRow {
  return { id, name, baseUrl, hasKey: encryptedKey !== null }
}

function readKey(secrets: Secrets, { id, encryptedKey }: Row): string | null {
  if (encryptedKey === null) return null
  try {
    return secrets.decrypt(encryptedKey, id)
  } catch (cause) {
    throw new ProviderFailure('provider_key_lost', 'the stored key cannot be decrypted', { cause })
  }
}

export function createProviders({ read, write }: Database, secrets: Secrets): Providers {
  return {
    async list() {
      return (await read.provider.findMany({ orderBy: { createdAt: 'asc' } })).map(withoutKey)
    },

    async find(id) {
      const row = await read.provider.findUnique({ where: { id } })
      if (!row) return null
      return { ...withoutKey(row), apiKey: readKey(secrets, row) }
    },

    add: ({ id, name, baseUrl, apiKey }, at) =>
      write(async (tx) => {
        if (await tx.provider.findFirst({ where: { baseUrl } })) {
          throw new Conflict('provider_exists', 'a server with this address was added before')
        }
        const encryptedKey = apiKey === null ? null : secrets.encrypt(apiKey, id)
        const data = { id, name, baseUrl, encryptedKey, createdAt: at }
        return withoutKey(await tx.provider.create({ data }))
      }),

    remove: (id) =>
      write(async (tx) => {
        const { count } = await tx.provider.deleteMany({ where: { id } })
        if (count === 0) throw new NotFound('provider_not_found', 'no such provider')
        const selection = await tx.setting.findUnique({ where: { key: 'selection' } })
        const value = selection?.value as { providerId?: unknown } | undefined
        if (value?.providerId === id) await tx.setting.delete({ where: { key: 'selection' } })
      }),
  }
}
