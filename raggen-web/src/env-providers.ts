import { readFileSync } from 'node:fs'

import { z } from 'zod'

import { StartFailure } from './errors'
import {
  GIGACHAT_AUTH_URL,
  GIGACHAT_BASE_URL,
  GIGACHAT_SCOPES,
  isCertificate,
  YANDEXGPT_BASE_URL,
  type Server,
} from './llm/server'

const url = (example: string) =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
      `write a full address such as ${example}`,
    )
    .transform((value) => value.replace(/\/+$/, ''))

/** '' counts as absent: compose files pass on variables that nobody set. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const key = z.string().regex(/^[\x21-\x7e]+$/, 'write the key as it was given, without spaces')

/** The providers whose keys come from the environment. */
export const ProviderVariables = z.object({
  RAGGEN_OPENAI_API_KEY: optional(key),
  RAGGEN_OPENAI_BASE_URL: optional(url('https://api.openai.com/v1')),
  RAGGEN_YANDEXGPT_API_KEY: optional(key),
  RAGGEN_YANDEXGPT_FOLDER: optional(
    z.string().regex(/^[\w-]{1,64}$/, "write the folder's id, such as b1g…"),
  ),
  RAGGEN_YANDEXGPT_BASE_URL: optional(url(YANDEXGPT_BASE_URL)),
  RAGGEN_GIGACHAT_AUTH_KEY: optional(key),
  RAGGEN_GIGACHAT_SCOPE: optional(
    z.enum(GIGACHAT_SCOPES, { error: `write one of ${GIGACHAT_SCOPES.join(', ')}` }),
  ),
  RAGGEN_GIGACHAT_CA_FILE: optional(z.string()),
  RAGGEN_GIGACHAT_BASE_URL: optional(url(GIGACHAT_BASE_URL)),
  RAGGEN_GIGACHAT_AUTH_URL: optional(url(GIGACHAT_AUTH_URL)),
})
type Values = z.infer<typeof ProviderVariables>

function readCertificate(path: string): string {
  let pem: string
  try {
    pem = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new StartFailure(
      `RAGGEN_GIGACHAT_CA_FILE cannot be used: the file ${path} cannot be read.`,
      { cause },
    )
  }
  if (!isCertificate(pem)) {
    throw new StartFailure(
      `RAGGEN_GIGACHAT_CA_FILE cannot be used: ${path} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----).`,
    )
  }
  return pem
}

function openAiServers(values: Values): Server[] {
  const { RAGGEN_OPENAI_API_KEY: apiKey, RAGGEN_OPENAI_BASE_URL: written } = values
  if (!apiKey && !written) return []
  const baseUrl = written || 'https://api.openai.com/v1'
  const server = { id: 'env-openai', kind: 'openai', name: new URL(baseUrl).host, baseUrl } as const
  return [{ ...server, apiKey: apiKey || null, headers: {}, options: {} }]
}

function yandexServers(values: Values): Server[] {
  const { RAGGEN_YANDEXGPT_API_KEY: apiKey, RAGGEN_YANDEXGPT_FOLDER: folder } = values
  if (!apiKey) return []
  if (!folder) {
    throw new StartFailure(
      'RAGGEN_YANDEXGPT_FOLDER is missing: write the id of the folder that RAGGEN_YANDEXGPT_API_KEY belongs to, such as b1g….',
    )
  }
  const baseUrl = values.RAGGEN_YANDEXGPT_BASE_URL || YANDEXGPT_BASE_URL
  const server = { id: 'env-yandexgpt', kind: 'yandexgpt', name: 'YandexGPT', baseUrl } as const
  return [{ ...server, apiKey, headers: {}, options: { folder } }]
}

function gigaChatServers(values: Values): Server[] {
  const { RAGGEN_GIGACHAT_AUTH_KEY: apiKey, RAGGEN_GIGACHAT_CA_FILE: file } = values
  if (!apiKey) return []
  const baseUrl = values.RAGGEN_GIGACHAT_BASE_URL || GIGACHAT_BASE_URL
  const options = {
    scope: values.RAGGEN_GIGACHAT_SCOPE || ('GIGACHAT_API_PERS' as const),
    ...(values.RAGGEN_GIGACHAT_AUTH_URL && { authUrl: values.RAGGEN_GIGACHAT_AUTH_URL }),
    ...(file && { certificate: readCertificate(file) }),
  }
  const server = { id: 'env-gigachat', kind: 'gigachat', name: 'GigaChat', baseUrl } as const
  return [{ ...server, apiKey, headers: {}, options }]
}

/** @throws StartFailure with a sentence that says what to write. */
export function providersFrom(values: Values): Server[] {
  return [...yandexServers(values), ...gigaChatServers(values), ...openAiServers(values)]
}
