import { randomUUID } from 'node:crypto'

import { DEFAULTS, type GenerationSettings } from './settings'

import type { ProviderRow } from '@/db/providers'
import type { Selection } from '@/db/settings'
import type { Store } from '@/db/store'
import { isProviderFailure, isRaggenError, NotFound, ProviderFailure } from '@/errors'
import type { Answerer } from '@/llm/answerer'
import { baseUrlCandidates } from '@/llm/base-url'
import { listModels } from '@/llm/models'
import type { Registry } from '@/llm/registry'

/** Who may answer, as the browser knows it: never with a key. */
export type ListedProvider = {
  id: string
  kind: 'quotations' | 'local' | 'openai'
  name: string
  baseUrl?: string
  hasKey: boolean
  models: string[]
  available: boolean
  errorCode?: string
}

/** A list is looked at, a connection is waited for. */
const LIST_TIMEOUT_MS = 1_500
const CONNECT_TIMEOUT_MS = 10_000

async function listServer(store: Store, row: ProviderRow): Promise<ListedProvider> {
  const listed = { id: row.id, kind: 'openai', name: row.name, baseUrl: row.baseUrl } as const
  try {
    const apiKey = (await store.providers.find(row.id))?.apiKey ?? null
    const models = await listModels(row.baseUrl, apiKey, LIST_TIMEOUT_MS)
    return { ...listed, hasKey: row.hasKey, models, available: true }
  } catch (error) {
    const errorCode = isRaggenError(error) ? error.code : 'internal'
    return { ...listed, hasKey: row.hasKey, models: [], available: false, errorCode }
  }
}

/** All that may answer. Servers are asked for their models; the local model is not: asking starts it. */
export async function listProviders(store: Store, registry: Registry): Promise<ListedProvider[]> {
  const builtIn = registry.builtIn.map(({ id, models, available }) => {
    return { id, kind: id, name: id, hasKey: false, models, available }
  })
  const rows = await store.providers.list()
  return [...builtIn, ...(await Promise.all(rows.map((row) => listServer(store, row))))]
}

/** The first of the candidate addresses that speaks the protocol; a refusal of the key is an answer too. */
async function probe(written: string, apiKey: string | null) {
  let failure: unknown
  for (const baseUrl of baseUrlCandidates(written)) {
    try {
      return { baseUrl, models: await listModels(baseUrl, apiKey, CONNECT_TIMEOUT_MS) }
    } catch (error) {
      if (!isProviderFailure(error) || error.code !== 'provider_not_found') throw error
      failure ??= error
    }
  }
  throw failure
}

/**
 * Connects an OpenAI-compatible server: it must answer.
 *
 * @throws InvalidRequest invalid_url; ProviderFailure; Conflict provider_exists.
 */
export async function connectProvider(
  store: Store,
  { name, baseUrl: written, apiKey }: { name?: string; baseUrl: string; apiKey: string | null },
): Promise<ListedProvider> {
  const { baseUrl, models } = await probe(written, apiKey)
  const provider = { id: randomUUID(), name: name ?? new URL(baseUrl).host, baseUrl, apiKey }
  const row = await store.providers.add(provider, new Date())
  return { ...row, kind: 'openai', models, available: true }
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
  const server = await store.providers.find(providerId)
  if (!server) throw new NotFound('provider_unknown', 'no such provider')
  if (wanted !== null) return wanted
  const [first] = await listModels(server.baseUrl, server.apiKey, CONNECT_TIMEOUT_MS)
  if (first === undefined) {
    throw new ProviderFailure('provider_model_missing', 'the server offers no model')
  }
  return first
}

/** The one that `selection` names. One that no longer exists falls back to quotations, which always can. */
export async function answererOf(
  store: Store,
  registry: Registry,
  selection: Selection,
  generation: GenerationSettings,
): Promise<Answerer> {
  const server = await store.providers.find(selection.providerId)
  const answerer = registry.resolve(selection, server, generation)
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
