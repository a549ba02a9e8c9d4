import { dirname, isAbsolute, join, resolve } from 'node:path'

import { z } from 'zod'

import type { Copies } from './db/copy'
import { locationOf, type Location } from './db/location'
import { limitsFrom, LimitVariables, type Limits } from './env-limits'
import { ProviderVariables, providersFrom } from './env-providers'
import { StartFailure } from './errors'
import { SILENCE_MS } from './llm/limits'
import type { Server } from './llm/server'
import { LOG_LEVELS } from './log'

/** Where the usual local model servers listen. */
const DISCOVERY_DEFAULT = [
  'Ollama=http://127.0.0.1:11434',
  'LM Studio=http://127.0.0.1:1234',
  'llama.cpp=http://127.0.0.1:8080',
  'vLLM=http://127.0.0.1:8000',
].join(',')

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

const httpUrl = (example: string) =>
  z
    .string()
    .refine(isHttpUrl, `write a full address such as ${example}`)
    .transform((url) => url.replace(/\/+$/, ''))

const commaList = z.string().transform((list) =>
  list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** Every variable that raggen-web reads; `make handbook` makes the reference page from it. */
export const Variables = z
  .object({
    NODE_ENV: z.string().optional(),
    PORT: z.coerce.number().int().min(0).max(65535).catch(3000),
    RAGGEN_WEB_DATABASE_URL: z
      .string()
      .refine((url) => locationOf(url) !== null, {
        message:
          'write file: and an absolute path, such as file:/var/lib/raggen/raggen.db, or ' +
          'postgresql://user:password@host/database',
      })
      .optional(),
    RAGGEN_WEB_SECRET_FILE: z
      .string()
      .refine(isAbsolute, 'write an absolute path, such as /var/lib/raggen/secret.key')
      .optional(),
    RAGGEN_WEB_MIGRATE_WITHOUT_COPY: z
      .enum(['', '0', '1'], { error: 'write 1, or nothing' })
      .default(''),
    RAGGEN_WEB_EMBED_URL: httpUrl('http://127.0.0.1:8001').default('http://127.0.0.1:8001'),
    RAGGEN_EMBED_API_KEY: z
      .string()
      .refine((key) => /^[!-~]*$/.test(key), "write one of raggen-embed's keys: no spaces")
      .default(''),
    RAGGEN_WEB_LOCAL_MODEL_URL: z
      .union([z.literal(''), httpUrl('http://127.0.0.1:8002/v1')], {
        error: 'write a full address such as http://127.0.0.1:8002/v1, or nothing',
      })
      .default(''),
    RAGGEN_WEB_DISCOVERY_URLS: commaList
      .refine(
        (list) => list.every((entry) => isHttpUrl(entry.slice(entry.indexOf('=') + 1))),
        'write names with addresses, such as Ollama=http://127.0.0.1:11434,vLLM=http://127.0.0.1:8000',
      )
      .default(commaList.parse(DISCOVERY_DEFAULT)),
    RAGGEN_WEB_ALLOWED_HOSTS: commaList.default([]),
    RAGGEN_WEB_METRICS_TOKEN: z
      .string()
      .regex(/^([!-~]{16,512})?$/, 'write 16 to 512 visible characters, or nothing')
      .default(''),
    RAGGEN_WEB_LOG_LEVEL: z
      .enum(LOG_LEVELS, { error: `write one of ${LOG_LEVELS.join(', ')}` })
      .default('info'),
    RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS: z.coerce
      .number({ error: 'write milliseconds from 50 to 60000' })
      .int()
      .min(50, 'write milliseconds from 50 to 60000')
      .max(60_000, 'write milliseconds from 50 to 60000')
      .default(800),
    RAGGEN_WEB_PROVIDER_SILENCE_MS: z.coerce
      .number({ error: 'write milliseconds from 100 to 600000' })
      .int()
      .min(100, 'write milliseconds from 100 to 600000')
      .max(600_000, 'write milliseconds from 100 to 600000')
      .default(SILENCE_MS),
  })
  .extend(ProviderVariables.shape)
  .extend(LimitVariables.shape)

export type Env = {
  database: Location
  /** Holds the key of what is encrypted in the database. */
  secretFile: string
  /** Of the database, before it is migrated. */
  copies: Copies
  /** Without a slash at the end. */
  embedUrl: string
  /** '' when raggen-embed wants none. */
  embedKey: string
  /** '' when there is no local model. */
  localModelUrl: string
  discovery: { name: string; url: string }[]
  /** What whoever reads /metrics has to send; '': they have to be on this machine. */
  metricsToken: string
  logLevel: (typeof LOG_LEVELS)[number]
  retrievalTimeoutMs: number
  /** How long a model's server may say nothing before an answer has failed. */
  providerSilenceMs: number
  /** Servers whose keys come from the environment. */
  providers: Server[]
  /** raggen's own port. */
  port: number
  limits: Limits
}

/** Host names besides loopback that a request may be addressed to; src/proxy.ts needs no other setting. */
export function parseAllowedHosts(variables: NodeJS.ProcessEnv): string[] {
  return commaList.parse(variables.RAGGEN_WEB_ALLOWED_HOSTS ?? '')
}

type Values = z.infer<typeof Variables>

function databaseOf({ RAGGEN_WEB_DATABASE_URL: url, NODE_ENV }: Values): Location {
  const location = url === undefined ? null : locationOf(url)
  if (location) return location
  if (NODE_ENV === 'production') {
    throw new StartFailure(
      'RAGGEN_WEB_DATABASE_URL is missing: write file: and an absolute path, such as ' +
        'file:/var/lib/raggen/raggen.db, or postgresql://user:password@host/database.',
    )
  }
  return { kind: 'sqlite', path: resolve('..', 'data', 'web', 'raggen.db') }
}

function secretFileOf({ RAGGEN_WEB_SECRET_FILE: file }: Values, database: Location): string {
  if (file !== undefined) return file
  if (database.kind === 'sqlite') return join(dirname(database.path), 'secret.key')
  throw new StartFailure(
    'RAGGEN_WEB_SECRET_FILE is missing: PostgreSQL has no folder of raggen-web beside it, so write ' +
      'an absolute path, such as /var/lib/raggen/secret.key.',
  )
}

/**
 * Parses raggen-web's settings, once, at start.
 *
 * @throws StartFailure naming each wrong variable and what to write.
 */
export function parseEnv(variables: NodeJS.ProcessEnv): Env {
  const parsed = Variables.safeParse(variables)
  if (!parsed.success) {
    const sentences = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.')} cannot be used: ${message}.`,
    )
    throw new StartFailure(sentences.join(' '))
  }
  const values = parsed.data
  const database = databaseOf(values)
  const secretFile = secretFileOf(values, database)
  const data = dirname(database.kind === 'sqlite' ? database.path : secretFile)
  return {
    database,
    secretFile,
    copies: {
      folder: join(data, 'backups'),
      isOptional: values.RAGGEN_WEB_MIGRATE_WITHOUT_COPY === '1',
    },
    embedUrl: values.RAGGEN_WEB_EMBED_URL,
    embedKey: values.RAGGEN_EMBED_API_KEY,
    localModelUrl: values.RAGGEN_WEB_LOCAL_MODEL_URL,
    discovery: values.RAGGEN_WEB_DISCOVERY_URLS.map((entry) => {
      const at = entry.indexOf('=')
      return { name: entry.slice(0, at), url: entry.slice(at + 1).replace(/\/+$/, '') }
    }),
    metricsToken: values.RAGGEN_WEB_METRICS_TOKEN,
    logLevel: values.RAGGEN_WEB_LOG_LEVEL,
    retrievalTimeoutMs: values.RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS,
    providerSilenceMs: values.RAGGEN_WEB_PROVIDER_SILENCE_MS,
    providers: providersFrom(values),
    port: values.PORT,
    limits: limitsFrom(values),
  }
}
