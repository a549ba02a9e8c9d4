import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

import { meters } from './meters'

/** Under which a request finds its entry again in a route handler, which does not see sockets. */
const HEADER = 'x-raggen-request'
/** Node publishes every request here before any listener of the server sees it. */
const CHANNEL = 'http.server.request.start'
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
/** As nginx calls a request whose client did not wait for the response. */
const LEFT = 499
/** A route that has no name of its own. */
const OTHER = 'other'

/** Next bundles start-up and routes apart: the process's global object is all they share. */
const KEY = Symbol.for('raggen.requests')
type Place = { [KEY]?: Map<string, { route: string | null }> }

function underWay() {
  return ((globalThis as Place)[KEY] ??= new Map())
}

/** Pages and files; what a route handler answers, it names itself. */
function pageOf(url: string): string {
  const [path = ''] = url.split('?')
  if (path.startsWith('/_next/')) return '/_next'
  if (/^\/chats\/[^/]+$/.test(path)) return '/chats/[chatId]'
  return ['/', '/memory', '/settings', '/healthz', '/icon.svg'].includes(path) ? path : OTHER
}

/** As Next reads it, however it was written: %61 is a. */
function plain(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/**
 * The template of a path: what stands for a parameter is after the noun of an API route, as in
 * /api/chats/<id>/stop. Next hands over no params at all where a path has none. A path in which a
 * parameter is not found is `other`: nothing that somebody else wrote becomes a label.
 */
export function templateOf(path: string, params: Record<string, string> | undefined): string {
  const segments = path.split('/').map(plain)
  for (const [name, value] of Object.entries(params ?? {})) {
    const at = segments.findIndex((segment, index) => {
      return index > 2 && (segment === value || segment === plain(value))
    })
    if (at === -1) return OTHER
    segments[at] = `[${name}]`
  }
  return segments.join('/')
}

/** Called by the route handler that answers a request: its template, not its path, which holds ids. */
export function nameRoute(headers: Headers, route: string): void {
  const entry = underWay().get(headers.get(HEADER) ?? '')
  if (entry) entry.route = route
}

/**
 * Counts every request of this process: routes, pages, files, and what is refused before any of them.
 *
 * @returns Ends it.
 */
export function countRequests(): () => void {
  let last = 0
  const begin = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    const key = String((last += 1))
    const entry = { route: null as string | null }
    const startedAt = performance.now()
    request.headers[HEADER] = key // Over whatever came under this name.
    underWay().set(key, entry)
    response.once('close', () => {
      underWay().delete(key)
      const route = entry.route ?? pageOf(request.url ?? '')
      const method = METHODS.has(request.method ?? '') ? request.method! : 'other'
      const status = String(response.headersSent ? response.statusCode : LEFT)
      meters().requests.inc({ route, method, status })
      meters().requestSeconds.observe({ route }, (performance.now() - startedAt) / 1000)
    })
  }
  subscribe(CHANNEL, begin)
  return () => void unsubscribe(CHANNEL, begin)
}
