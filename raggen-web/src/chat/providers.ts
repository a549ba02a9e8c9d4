import { X509Certificate } from 'node:crypto'

import { DEFAULTS, type GenerationSettings } from './settings'

import type { ProviderRow, ProviderSecrets } from '@/db/providers'
import type { Selection } from '@/db/settings'
import type { Store } from '@/db/store'
import { isRaggenError, NotFound, ProviderFailure } from '@/errors'
import type { Answerer } from '@/llm/answerer'
import type { Registry } from '@/llm/registry'
import { ServerKind, ServerOptions, type Server } from '@/llm/server'

/** What the browser may know of a server's options; a certificate by its name alone. */
export type ListedOptions = Omit<ServerOptions, 'certificate'> & { certificateName?: string }

/** Who may answer, as the browser knows it: never with a key. */
export type ListedProvider = {
  id: string
  kind: 'quotations' | 'local' | ServerKind
  name: string
  baseUrl?: string
  hasKey: boolean
  /** Who holds its key: nobody needs one, this installation's settings, or the environment. */
  source: 'built-in' | 'settings' | 'environment'
  models: string[]
  available: boolean
  errorCode?: string
  options?: ListedOptions
}

/** A list is looked at, a connection is waited for. */
const LIST_TIMEOUT_MS = 1_500
export const CONNECT_TIMEOUT_MS = 10_000

/** A row with its secrets as a server; null: a kind that this version does not know. */
export function serverOf(row: ProviderRow & ProviderSecrets): Server | null {
  const kind = ServerKind.safeParse(row.kind)
  if (!kind.success) return null
  const options = ServerOptions.safeParse(row.options)
  return { ...row, kind: kind.data, options: options.success ? options.data : {} }
}

/** From the environment or a row. @throws ProviderFailure provider_key_lost */
export async function findServer(
  store: Store,
  registry: Registry,
  id: string,
): Promise<Server | null> {
  const given = registry.environment.find((server) => server.id === id)
  if (given) return given
  const row = await store.providers.find(id)
  return row && serverOf(row)
}

function certificateName(pem: string): string {
  const { subject } = new X509Certificate(pem)
  return /CN=(.*)/.exec(subject)?.[1] ?? subject
}

function listedOptions({ certificate, ...options }: ServerOptions): ListedOptions {
  return { ...options, ...(certificate && { certificateName: certificateName(certificate) }) }
}

/** A server as the browser knows it, with the models that it offers or the reason why none are known. */
export function listedServer(
  server: Server,
  registry: Registry,
  found: { models: string[] } | { errorCode: string },
): ListedProvider {
  const { id, kind, name, baseUrl, apiKey, headers, options } = server
  const own = registry.environment.includes(server)
  return {
    ...{ id, kind, name, baseUrl },
    hasKey: apiKey !== null || Object.keys(headers).length > 0,
    source: own ? 'environment' : 'settings',
    options: listedOptions(options),
    ...('models' in found
      ? { models: found.models, available: true }
      : { models: [], available: false, errorCode: found.errorCode }),
  }
}

async function askServer(registry: Registry, server: Server): Promise<ListedProvider> {
  try {
    const models = await registry.list(server, LIST_TIMEOUT_MS)
    return listedServer(server, registry, { models: models.map(({ id }) => id) })
  } catch (error) {
    const errorCode = isRaggenError(error) ? error.code : 'internal'
    return listedServer(server, registry, { errorCode })
  }
}

async function listRow(
  store: Store,
  registry: Registry,
  row: ProviderRow,
): Promise<ListedProvider[]> {
  try {
    const server = await findServer(store, registry, row.id)
    return server ? [await askServer(registry, server)] : []
  } catch (error) {
    // Its key cannot be read: it is there all the same, to be given a new one.
    const server = serverOf({ ...row, apiKey: null, headers: {} })
    const errorCode = isRaggenError(error) ? error.code : 'internal'
    return server ? [{ ...listedServer(server, registry, { errorCode }), hasKey: row.hasKey }] : []
  }
}

/** All that may answer. Servers are asked for their models; the local model is not: asking starts it. */
export async function listProviders(store: Store, registry: Registry): Promise<ListedProvider[]> {
  const builtIn = registry.builtIn.map(({ id, models, available }): ListedProvider => {
    return { id, kind: id, name: id, hasKey: false, source: 'built-in', models, available }
  })
  const rows = await store.providers.list()
  const asked = await Promise.all([
    ...registry.environment.map(async (server) => [await askServer(registry, server)]),
    ...rows.map((row) => listRow(store, registry, row)),
  ])
  return [...builtIn, ...asked.flat()]
}

/**
 * Chooses who answers from now on; without a model, the first that the server offers.
 *
 * @throws NotFound provider_unknown; ProviderFailure provider_model_missing or why it does not answer.
 */
export async function select(
  store: Store,
  registry: Registry,
  { providerId, model }: { providerId: string; model?: string | null },
): Promise<Selection> {
  const selection = { providerId, model: await modelOf(store, registry, providerId, model ?? null) }
  await store.settings.select(selection)
  return selection
}

async function modelOf(
  store: Store,
  registry: Registry,
  providerId: string,
  wanted: string | null,
): Promise<string | null> {
  const builtIn = registry.builtIn.find(({ id }) => id === providerId)
  if (builtIn) return builtIn.models[0] ?? null
  const server = await findServer(store, registry, providerId)
  if (!server) throw new NotFound('provider_unknown', 'no such provider')
  if (wanted !== null) return wanted
  const [first] = await registry.list(server, CONNECT_TIMEOUT_MS)
  if (first === undefined) {
    throw new ProviderFailure('provider_model_missing', 'the server offers no model')
  }
  return first.id
}

/** The one that `selection` names; null: it no longer exists. */
export async function findAnswerer(
  store: Store,
  registry: Registry,
  selection: Selection,
  generation: GenerationSettings,
): Promise<Answerer | null> {
  const server = await findServer(store, registry, selection.providerId)
  return registry.resolve(selection, server, generation)
}

/** The one that `selection` names. One that no longer exists falls back to quotations, which always can. */
export async function answererOf(
  store: Store,
  registry: Registry,
  selection: Selection,
  generation: GenerationSettings,
): Promise<Answerer> {
  const answerer = await findAnswerer(store, registry, selection, generation)
  return answerer ?? registry.resolve({ providerId: 'quotations', model: null }, null, generation)!
}

/** Who answers by default. */
export async function selectedAnswerer(
  store: Store,
  registry: Registry,
  generation: GenerationSettings = DEFAULTS.generation,
): Promise<Answerer> {
  return answererOf(store, registry, await store.settings.selection(), generation)
}
