import type { z } from 'zod'

import { InvalidRequest, TooLarge } from '@/errors'

/** UTF-8 bytes: the longest message in Cyrillic with room around it. */
export const MAX_BODY_BYTES = 512 * 1024

async function readText(request: Request): Promise<string> {
  const tooLarge = () =>
    new TooLarge('body_too_large', 'the body is too large', { detail: { limit: MAX_BODY_BYTES } })
  if (Number(request.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > MAX_BODY_BYTES) throw tooLarge() // Whatever its header said.
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * The JSON body as `schema` says. Only application/json: a form of another site cannot send it without
 * asking first.
 *
 * @throws InvalidRequest unsupported_media_type, invalid_json, invalid_request; TooLarge body_too_large.
 */
export async function readBody<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\b/i.test(type)) {
    throw new InvalidRequest('unsupported_media_type', 'the body must be application/json')
  }
  const text = await readText(request)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    // The cause's message quotes the body, which is somebody's text.
    throw new InvalidRequest('invalid_json', `the body is not JSON (${(cause as Error).name})`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new InvalidRequest('invalid_request', `the body is wrong at ${path || 'its top'}`, {
      detail: { at: path },
    })
  }
  return parsed.data
}
