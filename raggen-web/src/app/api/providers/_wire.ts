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

// Names and values are looked at in src/chat/connect.ts, which has sentences for what is wrong.
const headerName = z.string().max(200)
const headerValue = z.string().max(4000)
const few = (headers: object) => Object.keys(headers).length <= 20

export const Headers = z.record(headerName, headerValue).refine(few)

/** All headers of a server: one that is not named goes, null keeps the value it has. */
export const ChangedHeaders = z.record(headerName, headerValue.nullable()).refine(few)

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
  headers: ChangedHeaders.optional(),
  options: NullableOptions.optional(),
})
