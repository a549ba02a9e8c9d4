import type { Database } from './database'
import type { Prisma } from './generated/client'
import type { Secrets } from './secrets'

import { Conflict, NotFound, ProviderFailure } from '@/errors'

/** A server that somebody added. Its secrets are asked for apart, when they are used. */
export type ProviderRow = {
  id: string
  /** openai | yandexgpt | gigachat */
  kind: string
  name: string
  baseUrl: string
  /** What its kind needs besides; src/llm/server.ts says what. */
  options: Record<string, unknown>
  hasKey: boolean
}

/** What is encrypted: the key, and the values of extra headers. */
export type ProviderSecrets = { apiKey: string | null; headers: Record<string, string> }

export type NewProvider = Omit<ProviderRow, 'hasKey'> & ProviderSecrets

export type Providers = {
  list: () => Promise<ProviderRow[]>
  /** @throws ProviderFailure provider_key_lost: the key file is another than the one it was stored with */
  find: (id: string) => Promise<(ProviderRow & ProviderSecrets) | null>
  /** @throws Conflict provider_exists: `isSame` knows one of those that are there */
  add: (
    provider: NewProvider,
    isSame: (row: ProviderRow) => boolean,
    at: Date,
  ) => Promise<ProviderRow>
  /** What is not named stays. @throws NotFound */
  change: (
    id: string,
    change: { name?: string; options?: Record<string, unknown>; secrets?: ProviderSecrets },
  ) => Promise<ProviderRow>
  /** Also takes it out of the selection. @throws NotFound */
  remove: (id: string) => Promise<void>
}

type Row = Prisma.ProviderGetPayload<object>

/** No key begins so: keys are visible ASCII. A key alone is kept as it is, as it always was. */
const SEALED_JSON = '\u0001'

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutSecrets({ id, kind, name, baseUrl, options, encryptedKey }: Row): ProviderRow {
  const known = isObject(options) ? options : {}
  return { id, kind, name, baseUrl, options: known, hasKey: encryptedKey !== null }
}

function seal(secrets: Secrets, id: string, { apiKey, headers }: ProviderSecrets): string | null {
  if (Object.keys(headers).length > 0) {
    return secrets.encrypt(SEALED_JSON + JSON.stringify({ apiKey, headers }), id)
  }
  return apiKey === null ? null : secrets.encrypt(apiKey, id)
}

function unseal(secrets: Secrets, { id, encryptedKey }: Row): ProviderSecrets {
  if (encryptedKey === null) return { apiKey: null, headers: {} }
  try {
    const plain = secrets.decrypt(encryptedKey, id)
    if (!plain.startsWith(SEALED_JSON)) return { apiKey: plain, headers: {} }
    return JSON.parse(plain.slice(SEALED_JSON.length)) as ProviderSecrets
  } catch (cause) {
    throw new ProviderFailure('provider_key_lost', 'the stored key cannot be decrypted', { cause })
  }
}

function notFound(): NotFound {
  return new NotFound('provider_unknown', 'no such provider')
}

export function createProviders({ read, write }: Database, secrets: Secrets): Providers {
  return {
    async list() {
      const rows = await read.provider.findMany({ orderBy: { createdAt: 'asc' } })
      return rows.map(withoutSecrets)
    },

    async find(id) {
      const row = await read.provider.findUnique({ where: { id } })
      return row && { ...withoutSecrets(row), ...unseal(secrets, row) }
    },

    add: ({ id, kind, name, baseUrl, options, ...hidden }, isSame, at) =>
      write(async (tx) => {
        const others = (await tx.provider.findMany({ where: { kind } })).map(withoutSecrets)
        if (others.some(isSame)) {
          throw new Conflict('provider_exists', 'this server was added before')
        }
        const encryptedKey = seal(secrets, id, hidden)
        const json = options as Prisma.InputJsonObject
        const data = { id, kind, name, baseUrl, options: json, encryptedKey, createdAt: at }
        return withoutSecrets(await tx.provider.create({ data }))
      }),

    change: (id, { name, options, secrets: hidden }) =>
      write(async (tx) => {
        if (!(await tx.provider.findUnique({ where: { id } }))) throw notFound()
        const data = {
          name,
          options: options as Prisma.InputJsonObject | undefined,
          encryptedKey: hidden && seal(secrets, id, hidden),
        }
        return withoutSecrets(await tx.provider.update({ where: { id }, data }))
      }),

    remove: (id) =>
      write(async (tx) => {
        const { count } = await tx.provider.deleteMany({ where: { id } })
        if (count === 0) throw notFound()
        const selection = await tx.setting.findUnique({ where: { key: 'selection' } })
        const value = selection?.value as { providerId?: unknown } | undefined
        if (value?.providerId === id) await tx.setting.delete({ where: { key: 'selection' } })
      }),
  }
}
