import { z } from 'zod'

import { ServerKind, ServerOptions } from '@/llm/server'

/** Visible ASCII, as in an HTTP header. */
export const ApiKey = z
  .string()
  .trim()
  .max(4000)
  .regex(/^[\x21-\x7e]*$/)
  .transform((key) => (key === '' ? null : key))

export const Name = z.string().trim().min(1).max(100)

/** raggen writes these itself; others could send the request elsewhere. */
const RESERVED = /^(host|content-length|content-type|connection|transfer-encoding|cookie)$/i

/** Header names as RFC 9110 allows them, values in visible ASCII and spaces. */
export const Headers = z
  .record(
    z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/)
      .refine((name) => !RESERVED.test(name)),
    z
      .string()
      .max(4000)
      .regex(/^[\x20-\x7e]*$/),
  )
  .refine((headers) => Object.keys(headers).length <= 20)

/** What a person may set; the names of the headers follow from the headers. */
export const Options = ServerOptions.omit({ headerNames: true }).extend({
  // Looked at in src/chat/connect.ts, which has sentences for what is wrong with them.
  certificate: z.string().max(100_000).optional(),
  authUrl: z.string().max(2000).optional(),
})

export const Connect = z.object({
  kind: ServerKind.default('openai'),
  name: Name.optional(),
  baseUrl: z.string().min(1).max(2000).optional(),
  apiKey: ApiKey.optional(),
  headers: Headers.default({}),
  options: Options.default({}),
})

const NullableOptions = z.object(
  Object.fromEntries(
    Object.entries(Options.shape).map(([name, schema]) => [name, schema.nullable()]),
  ) as { [Name in keyof typeof Options.shape]: z.ZodNullable<(typeof Options.shape)[Name]> },
)

export const Change = z.object({
  name: Name.optional(),
  apiKey: ApiKey.optional(),
  headers: Headers.optional(),
  options: NullableOptions.optional(),
})
