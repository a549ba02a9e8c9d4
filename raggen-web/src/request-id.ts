import { randomUUID } from 'node:crypto'

export const REQUEST_ID_HEADER = 'x-request-id'

/** The caller's request id where it is well formed, else a new one; both services log it. */
export function requestId(headers: Headers): string {
  const given = headers.get(REQUEST_ID_HEADER)
  return given !== null && /^[A-Za-z0-9_-]{1,64}$/.test(given) ? given : randomUUID()
}
