import { isRaggenError } from '@/errors'
import { errorFields } from '@/log'
import { REQUEST_ID_HEADER, requestId } from '@/request-id'
import { runtime, type Runtime } from '@/runtime'

export type Call<P> = { request: Request; params: P; requestId: string; runtime: Runtime }
type NextContext<P> = { params: Promise<P> }

function failed(code: string, status: number, id: string, detail?: object): Response {
  const headers = {
    [REQUEST_ID_HEADER]: id,
    'cache-control': 'no-store',
    ...(status === 503 && { 'retry-after': '1' }),
  }
  return Response.json(
    { error: { code, requestId: id, ...(detail && { detail }) } },
    { status, headers },
  )
}

/** A route handler with what all share: the runtime, the request id, errors as JSON, one log line. */
export function handle<P = object>(
  work: (call: Call<P>) => Promise<Response>,
): (request: Request, context: NextContext<P>) => Promise<Response> {
  return async (request, context) => {
    const id = requestId(request.headers)
    const startedAt = performance.now()
    const { pathname } = new URL(request.url)
    const about = { request_id: id, method: request.method, path: pathname }
    try {
      const response = await work({
        request,
        params: await context.params,
        requestId: id,
        runtime: runtime(),
      })
      response.headers.set(REQUEST_ID_HEADER, id)
      if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'no-store')
      const ms = Math.round(performance.now() - startedAt)
      // Pages poll: what only reads is not worth a line each time.
      const level = request.method === 'GET' ? 'debug' : 'info'
      runtime().log[level]('request', { ...about, status: response.status, ms })
      return response
    } catch (error) {
      if (isRaggenError(error)) {
        if (error.code !== 'not_ready') {
          const fields = { ...about, status: error.status, code: error.code }
          runtime().log.warn('request refused', { ...fields, ...errorFields(error) })
        }
        return failed(error.code, error.status, id, error.detail)
      }
      runtime().log.error('request failed', { ...about, ...errorFields(error) })
      return failed('internal', 500, id)
    }
  }
}
