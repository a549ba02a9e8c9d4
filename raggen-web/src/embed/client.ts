import createClient from 'openapi-fetch'
import pRetry from 'p-retry'

import type { components, paths } from './api'
import { createCircuit } from './circuit'
import { EmbedUnavailable } from './unavailable'

import { REQUEST_ID_HEADER } from '@/request-id'

export { EmbedUnavailable } from './unavailable'

export type Item = components['schemas']['Item']
export type SearchRequest = components['schemas']['SearchRequest']
export type SearchResponse = components['schemas']['SearchResponse']
export type SearchResult = components['schemas']['SearchResult']

/** raggen-embed itself said that it will not take this request, now or later (4xx). */
export class EmbedRefused extends Error {
  override name = 'EmbedRefused'
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`raggen-embed answered ${status} ${code}`)
  }
}

export type ListedItem = components['schemas']['ListedItem']

export type CallOptions = { requestId: string; signal: AbortSignal }

/** All calls throw EmbedUnavailable or EmbedRefused, and nothing else. */
export type EmbedClient = {
  /**
   * Asks once more, within `signal`, when the connection failed or the answer was 503. Fails at once
   * while raggen-embed has left the last searches without an answer (see circuit.ts).
   */
  search: (request: SearchRequest, options: CallOptions) => Promise<SearchResponse>
  upsert: (items: Item[], options: CallOptions) => Promise<void>
  remove: (items: { id: string; version: number }[], options: CallOptions) => Promise<void>
  /** Everything that is remembered, a page at a time; a null cursor: from the beginning, or no more. */
  list: (
    cursor: string | null,
    limit: number,
    options: CallOptions,
  ) => Promise<{ items: ListedItem[]; nextCursor: string | null }>
  /** An item as it is stored; null: there is none of this id. */
  get: (id: string, options: CallOptions) => Promise<Item | null>
  /** The embedding model, or null while it loads. */
  ready: (options: CallOptions) => Promise<{ model: string } | null>
}

export const OWNER = 'local'
const RETRY_AFTER_MS = 60
const UNKNOWN = 'unknown'

type Answer<T> = { data?: T; error?: unknown; response: Response }

function codeOf(error: unknown): string {
  const code = (error as { error?: { code?: unknown } } | undefined)?.error?.code
  return typeof code === 'string' ? code : UNKNOWN
}

async function call<T>(request: () => Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await request()
  } catch (cause) {
    throw new EmbedUnavailable('raggen-embed did not answer', undefined, { cause })
  }
  const { data, error, response } = answer
  if (response.ok && data !== undefined) return data
  const { status } = response
  const code = codeOf(error)
  // 408 and 429 pass with time, as 5xx do, and 401 once somebody sets the right key. A 4xx without
  // raggen-embed's code is another program on its port: nothing that it refuses may be given up.
  if (status >= 500 || [401, 408, 429].includes(status) || code === UNKNOWN) {
    throw new EmbedUnavailable(`raggen-embed answered ${status} ${code}`, status)
  }
  throw new EmbedRefused(status, code)
}

/**
 * A typed client of raggen-embed at `baseUrl`; its types are made from raggen-embed/openapi.json.
 *
 * @param key One of raggen-embed's API keys; '' where it has none.
 */
export function createEmbedClient(baseUrl: string, key = ''): EmbedClient {
  const authorization = key === '' ? {} : { authorization: `Bearer ${key}` }
  const api = createClient<paths>({ baseUrl, headers: authorization })
  const circuit = createCircuit()
  const init = ({ requestId, signal }: CallOptions) => ({
    signal,
    headers: { [REQUEST_ID_HEADER]: requestId },
  })

  return {
    async search(request, options) {
      const body = { owner: OWNER, ...request }
      const attempt = () => call(() => api.POST('/api/v1/search', { body, ...init(options) }))
      const search = () =>
        pRetry(attempt, {
          retries: 1,
          minTimeout: RETRY_AFTER_MS,
          signal: options.signal,
          shouldRetry: ({ error }) =>
            error instanceof EmbedUnavailable && [undefined, 503].includes(error.status),
        }).catch((error: unknown) => {
          if (error instanceof EmbedUnavailable || error instanceof EmbedRefused) throw error
          const cause = { cause: error }
          throw new EmbedUnavailable('raggen-embed did not answer in time', undefined, cause)
        })
      return circuit(search, options.signal)
    },

    async upsert(items, options) {
      await call(() => api.PUT('/api/v1/items', { body: { items }, ...init(options) }))
    },

    async remove(items, options) {
      await call(() =>
        api.POST('/api/v1/items/delete', { body: { items, owner: OWNER }, ...init(options) }),
      )
    },

    async list(cursor, limit, options) {
      const params = { query: { owner: OWNER, limit, ...(cursor !== null && { cursor }) } }
      const page = await call(() => api.GET('/api/v1/items', { params, ...init(options) }))
      return { items: page.items, nextCursor: page.next_cursor }
    },

    async get(id, options) {
      const params = { path: { id }, query: { owner: OWNER } }
      try {
        return (await call(() => api.GET('/api/v1/items/{id}', { params, ...init(options) }))).item
      } catch (error) {
        if (error instanceof EmbedRefused && error.status === 404) return null
        throw error
      }
    },

    async ready(options) {
      try {
        const { model } = await call(() => api.GET('/readyz', init(options)))
        // It says so to everybody, but names its model to those alone who have its key.
        if (typeof model !== 'string') throw new EmbedUnavailable('raggen-embed wants a key', 401)
        return { model }
      } catch (error) {
        if (error instanceof EmbedUnavailable && error.status === 503) return null
        throw error
      }
    },
  }
}
