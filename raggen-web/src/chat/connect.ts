import { randomUUID } from 'node:crypto'

import { CONNECT_TIMEOUT_MS, findServer, listedServer, serverOf } from './providers'
import type { ListedProvider } from './providers'

import type { Store } from '@/db/store'
import { Conflict, InvalidRequest, isProviderFailure, NotFound } from '@/errors'
import { baseUrlCandidates } from '@/llm/base-url'
import type { Registry } from '@/llm/registry'
import {
  GIGACHAT_BASE_URL,
  headerProblem,
  isCertificate,
  YANDEXGPT_BASE_URL,
  type Server,
  type ServerKind,
  type ServerOptions,
} from '@/llm/server'

export type NewServer = {
  kind: ServerKind
  name?: string
  baseUrl?: string
  apiKey: string | null
  headers: Record<string, string>
  options: ServerOptions
}

/** What is not named stays; an option that is null goes. */
export type ServerChange = {
  name?: string
  apiKey?: string | null
  /** All of them; null keeps the value that is there. */
  headers?: Record<string, string | null>
  options?: { [Name in keyof ServerOptions]?: ServerOptions[Name] | null }
}

const BASE_URLS = { yandexgpt: YANDEXGPT_BASE_URL, gigachat: GIGACHAT_BASE_URL } as const
const NAMES = { yandexgpt: 'YandexGPT', gigachat: 'GigaChat' } as const

/** The first of the candidate addresses that speaks the protocol; a refusal of the key is an answer too. */
async function probe(
  registry: Registry,
  server: Server,
): Promise<{ server: Server; models: string[] }> {
  let failure: unknown
  for (const baseUrl of baseUrlCandidates(server.baseUrl)) {
    const candidate = { ...server, baseUrl }
    try {
      const models = await registry.list(candidate, CONNECT_TIMEOUT_MS)
      return { server: candidate, models: models.map(({ id }) => id) }
    } catch (error) {
      registry.forget(server.id)
      if (!isProviderFailure(error) || error.code !== 'provider_not_found') throw error
      failure ??= error
    }
  }
  throw failure
}

/** @throws InvalidRequest invalid_certificate, invalid_url */
function checkOptions({ certificate, authUrl }: ServerOptions): void {
  if (certificate !== undefined && !isCertificate(certificate)) {
    throw new InvalidRequest('invalid_certificate', 'not a certificate in PEM form')
  }
  if (authUrl !== undefined) baseUrlCandidates(authUrl)
}

/** @throws InvalidRequest header_invalid, header_reserved, header_twice */
function checkHeaders(headers: Record<string, string>): void {
  const seen = new Set<string>()
  for (const [name, value] of Object.entries(headers)) {
    const twice = seen.has(name.toLowerCase())
    const problem = headerProblem(name, value) ?? (twice ? 'twice' : null)
    if (problem) {
      throw new InvalidRequest(`header_${problem}`, 'a header cannot be sent', { detail: { name } })
    }
    seen.add(name.toLowerCase())
  }
}

/** The headers as they shall be; one whose value nobody has stays empty, which `checkHeaders` refuses. */
function changedHeaders(
  former: Record<string, string>,
  change: ServerChange['headers'],
): Record<string, string> {
  if (change === undefined) return former
  const entries = Object.entries(change).map(([name, value]) => [name, value ?? former[name] ?? ''])
  return Object.fromEntries(entries) as Record<string, string>
}

function withHeaderNames(server: Server): Server {
  const headerNames = Object.keys(server.headers)
  const { headerNames: _former, ...options } = server.options
  return { ...server, options: headerNames.length > 0 ? { ...options, headerNames } : options }
}

/**
 * Connects a server: it must answer.
 *
 * @throws InvalidRequest invalid_url, invalid_request; ProviderFailure; Conflict provider_exists.
 */
export async function connectProvider(
  store: Store,
  registry: Registry,
  wanted: NewServer,
): Promise<ListedProvider> {
  const { kind } = wanted
  const baseUrl = wanted.baseUrl ?? (kind === 'openai' ? '' : BASE_URLS[kind])
  if (kind !== 'openai' && wanted.apiKey === null) {
    throw new InvalidRequest('provider_key_missing', 'this provider needs a key')
  }
  if (kind === 'yandexgpt' && !wanted.options.folder) {
    throw new InvalidRequest('provider_folder_missing', 'this provider needs a folder')
  }
  checkOptions(wanted.options)
  checkHeaders(wanted.headers)
  const written = { ...wanted, id: randomUUID(), name: '', baseUrl }
  const { server, models } = await probe(registry, withHeaderNames(written))
  const given = wanted.name ?? (kind === 'openai' ? new URL(server.baseUrl).host : NAMES[kind])
  const named = { ...server, name: given }
  const { folder, scope } = named.options
  await store.providers.add(
    named,
    (row) =>
      row.baseUrl === named.baseUrl && row.options.folder === folder && row.options.scope === scope,
    new Date(),
  )
  return listedServer(named, registry, { models })
}

async function mustFind(store: Store, registry: Registry, id: string): Promise<Server> {
  const server = await findServer(store, registry, id)
  if (!server) throw new NotFound('provider_unknown', 'no such provider')
  return server
}

/**
 * A row whose key is lost can be given a new one: then what is left of it is enough. Without a new one
 * it stays as it is: the right key file may come back.
 */
async function findForChange(store: Store, registry: Registry, id: string, change: ServerChange) {
  try {
    return await mustFind(store, registry, id)
  } catch (error) {
    const lost = isProviderFailure(error) && error.code === 'provider_key_lost'
    const written = Object.values(change.headers ?? {}).some((value) => value !== null)
    if (!lost || (change.apiKey === undefined && !written)) throw error
    const row = (await store.providers.list()).find((listed) => listed.id === id)
    const server = row && serverOf({ ...row, apiKey: null, headers: {} })
    if (!server) throw error
    return server
  }
}

function changedOptions(options: ServerOptions, change: ServerChange['options']): ServerOptions {
  const merged = Object.entries({ ...options, ...change }).filter(([, value]) => value !== null)
  return Object.fromEntries(merged) as ServerOptions
}

/**
 * Changes a connected server. A new key or new options are tried first: what does not work is not kept.
 *
 * @throws NotFound provider_unknown; Conflict provider_environment; ProviderFailure.
 */
export async function changeProvider(
  store: Store,
  registry: Registry,
  id: string,
  change: ServerChange,
): Promise<ListedProvider> {
  if (registry.environment.some((server) => server.id === id)) {
    throw new Conflict('provider_environment', 'it is set in the environment')
  }
  const former = await findForChange(store, registry, id, change)
  const wanted = withHeaderNames({
    ...former,
    name: change.name ?? former.name,
    apiKey: change.apiKey === undefined ? former.apiKey : change.apiKey,
    headers: changedHeaders(former.headers, change.headers),
    options: changedOptions(former.options, change.options),
  })
  const { name, apiKey, headers, options } = wanted
  checkOptions(options)
  checkHeaders(headers)
  const offered = await registry.list(wanted, CONNECT_TIMEOUT_MS)
  await store.providers.change(id, { name, options, secrets: { apiKey, headers } })
  return listedServer(wanted, registry, { models: offered.map((model) => model.id) })
}

/** Whether a server answers and takes its key, now. @throws NotFound provider_unknown; ProviderFailure. */
export async function checkProvider(
  store: Store,
  registry: Registry,
  id: string,
): Promise<{ models: string[]; tookMs: number }> {
  const server = await mustFind(store, registry, id)
  const startedAt = performance.now()
  const models = await registry.list(server, CONNECT_TIMEOUT_MS)
  return {
    models: models.map((model) => model.id),
    tookMs: Math.round(performance.now() - startedAt),
  }
}

/** @throws NotFound provider_unknown; Conflict provider_environment. */
export async function disconnectProvider(
  store: Store,
  registry: Registry,
  id: string,
): Promise<void> {
  if (registry.environment.some((server) => server.id === id)) {
    throw new Conflict('provider_environment', 'it is set in the environment')
  }
  await store.providers.remove(id)
  registry.forget(id)
}
