import { isRaggenError } from '@/errors'
import { clientFrom } from '@/limits/client'
import type { Budget } from '@/limits/requests'
import { errorFields } from '@/log'
import { nameRoute, templateOf } from '@/metrics/requests'
import { REQUEST_ID_HEADER, requestId } from '@/request-id'
import { within } from '@/request-scope'
import { runtime, type Runtime } from '@/runtime'

export type Call<P> = {
  request: Request
  params: P
  requestId: string
  runtime: Runtime
  /** performance.now() when it came. */
  arrivedAt: number
}
type NextContext<P> = { params: Promise<P> }

type Detail = Record<string, string | number>

/** Seconds after which asking again is worth it; null: nobody can say. */
function retryAfter(status: number, detail?: Detail): string | null {
  if (status === 503) return '1'
  return status === 429 && detail?.seconds !== undefined ? String(detail.seconds) : null
}

function failed(code: string, status: number, id: string, detail?: Detail): Response {
  const wait = retryAfter(status, detail)
  const headers = {
    [REQUEST_ID_HEADER]: id,
    'cache-control': 'no-store',
    ...(wait !== null && { 'retry-after': wait }),
  }
  return Response.json(
    { error: { code, requestId: id, ...(detail && { detail }) } },
    { status, headers },
  )
}

type About = { request_id: string; method: string; path: string }

/** What a handler threw, as a response, with a line in the log. */
function refusal(error: unknown, about: About): Response {
  if (!isRaggenError(error)) {
    runtime().log.error('request failed', { ...about, ...errorFields(error) })
    return failed('internal', 500, about.request_id)
  }
  if (error.code !== 'not_ready') {
    const fields = { ...about, status: error.status, code: error.code }
    runtime().log.warn('request refused', { ...fields, ...errorFields(error) })
  }
  return failed(error.code, error.status, about.request_id, error.detail)
}

/**
 * A route handler with what all share: the runtime, the request id, limits, errors as JSON, one log
 * line. `budget`: which limit counts its requests; otherwise GET is `read`, all else `write`.
 */
export function handle<P = object>(
  work: (call: Call<P>) => Promise<Response>,
  budget?: Budget,
): (request: Request, context: NextContext<P>) => Promise<Response> {
  const answered = async (request: Request, params: P, about: About): Promise<Response> => {
    const arrivedAt = performance.now()
    try {
      const { requestLimits } = runtime()
      const counted = budget ?? (request.method === 'GET' ? 'read' : 'write')
      await requestLimits.take(counted, clientFrom(request.headers))
      const call = { request, params, requestId: about.request_id, runtime: runtime(), arrivedAt }
      const response = await work(call)
      response.headers.set(REQUEST_ID_HEADER, about.request_id)
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
      const ms = Math.round(performance.now() - arrivedAt)
      // Pages poll: what only reads is not worth a line each time.
      const level = request.method === 'GET' ? 'debug' : 'info'
      runtime().log[level]('request', { ...about, status: response.status, ms })
      return response
    } catch (error) {
      return refusal(error, about)
    }
  }
  return async (request, context) => {
    const { pathname } = new URL(request.url)
    const params = await context.params
    nameRoute(request.headers, templateOf(pathname, params as Record<string, string> | undefined))
    const id = requestId(request.headers)
    const about = { request_id: id, method: request.method, path: pathname }
    return within(id, () => answered(request, params, about))
  }
}
