import type { z } from 'zod'

import { InvalidRequest } from '@/errors'

/**
 * What stands behind the `?` as `schema` says; of a name that is there twice, the last counts.
 *
 * @throws InvalidRequest invalid_request
 */
export function readQuery<S extends z.ZodType>(request: Request, schema: S): z.output<S> {
  const values = Object.fromEntries(new URL(request.url).searchParams)
  const parsed = schema.safeParse(values)
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new InvalidRequest('invalid_request', `the address is wrong at ${at}`, { detail: { at } })
  }
  return parsed.data
}
