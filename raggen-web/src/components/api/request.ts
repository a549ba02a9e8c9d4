/** A request that failed, by the server's error code (`network`: no answer at all). */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly requestId?: string,
    /** Facts for the sentence that explains it, such as when to try again. */
    readonly detail?: Record<string, string | number>,
  ) {
    super(code)
    this.name = 'RequestError'
  }
}

type Detail = Record<string, string | number>
type ErrorBody = { error?: { code?: unknown; requestId?: unknown; detail?: Detail } }

async function errorOf(response: Response): Promise<RequestError> {
  const body = (await response.json().catch(() => null)) as ErrorBody | null
  const { code, requestId, detail } = body?.error ?? {}
  return new RequestError(
    typeof code === 'string' ? code : 'unknown',
    response.status,
    typeof requestId === 'string' ? requestId : undefined,
    detail,
  )
}

/** `fetch` that throws RequestError instead of answering with a failure; an abort stays an abort. */
export async function request(path: string, init?: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw Object.assign(new RequestError('network', 0), { cause })
  }
  if (!response.ok) throw await errorOf(response)
  return response
}

/** A browser refuses to keep more than 64 KiB alive, all such requests of the page together. */
const KEPT_BYTES = 60_000

type JsonOptions = {
  method?: string
  body?: unknown
  signal?: AbortSignal
  /** Goes through even when the page is closed meanwhile, unless its body is too large for that. */
  keepalive?: boolean
}

/** GET, or `method` with a JSON body. Answers the parsed body, undefined for 204. */
export async function requestJson<T>(path: string, options: JsonOptions = {}): Promise<T> {
  const { method = 'GET', body, signal, keepalive = false } = options
  const text = body === undefined ? undefined : JSON.stringify(body)
  const small = text !== undefined && new TextEncoder().encode(text).length < KEPT_BYTES
  const response = await request(path, {
    method,
    signal,
    ...(keepalive && small && { keepalive }),
    ...(text !== undefined && { body: text, headers: { 'content-type': 'application/json' } }),
  })
  return (response.status === 204 ? undefined : await response.json()) as T
}
