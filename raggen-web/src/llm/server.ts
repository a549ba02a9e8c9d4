import { X509Certificate } from 'node:crypto'

import { z } from 'zod'

/** The kinds of servers that can be connected; a file each. */
export const ServerKind = z.enum(['openai', 'yandexgpt', 'gigachat'])
export type ServerKind = z.infer<typeof ServerKind>

export const YANDEXGPT_BASE_URL = 'https://ai.api.cloud.yandex.net/v1'
export const GIGACHAT_BASE_URL = 'https://gigachat.devices.sberbank.ru/api/v1'
export const GIGACHAT_AUTH_URL = 'https://ngw.devices.sberbank.ru:9443/api/v2/oauth'

export const GIGACHAT_SCOPES = [
  'GIGACHAT_API_PERS',
  'GIGACHAT_API_B2B',
  'GIGACHAT_API_CORP',
] as const

/** PEM with at least one certificate that X.509 can read. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined
  } catch {
    return false
  }
}

const address = z
  .string()
  .max(2000)
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))

/** What a kind needs besides address and key. Nothing here is a secret: the browser may see all of it. */
export const ServerOptions = z.object({
  /** The model's context window, where its server does not tell. */
  windowTokens: z.number().int().min(512).max(10_000_000).optional(),
  /** YandexGPT: the cloud folder that pays. */
  folder: z
    .string()
    .regex(/^[a-zA-Z\d_-]{1,64}$/)
    .optional(),
  /** GigaChat: which version of the API the key is for. */
  scope: z.enum(GIGACHAT_SCOPES).optional(),
  /** GigaChat: where tokens are given out. */
  authUrl: address.optional(),
  /** PEM; trusted for this server's hosts, and for nobody else's. */
  certificate: z.string().max(100_000).refine(isCertificate).optional(),
  /** How many answers the provider writes at once for this key; the others wait for their turn. */
  concurrency: z.number().int().min(1).max(50).optional(),
  /** Names of the extra headers; their values are kept with the key. */
  headerNames: z.array(z.string()).optional(),
})
export type ServerOptions = z.infer<typeof ServerOptions>

/**
 * raggen and its HTTP client write these themselves, they belong to one connection alone (RFC 9110,
 * 7.6.1), or they could send a request elsewhere.
 */
const RESERVED =
  /^(host|content-(length|type|encoding)|accept(-encoding)?|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|proxy-.*|sec-.*|cookie2?|forwarded|via|x-forwarded-.*)$/i

/** Why a header cannot go with requests: malformed (RFC 9110, 5.6.2), or not for people to set; null: it can. */
export function headerProblem(name: string, value: string): 'invalid' | 'reserved' | null {
  const wellFormed = /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name) && /^[\x20-\x7e]*$/.test(value)
  if (!wellFormed || value.trim() === '') return 'invalid'
  return RESERVED.test(name) ? 'reserved' : null
}

/** A connected server with its secrets, as src/db or the environment keeps it. */
export type Server = {
  id: string
  kind: ServerKind
  name: string
  /** With the version at its end, such as http://127.0.0.1:11434/v1. */
  baseUrl: string
  apiKey: string | null
  /** Sent with every request, besides what the kind sends by itself. */
  headers: Record<string, string>
  options: ServerOptions
}

/** A model that a server offers; `windowTokens` where the server tells. */
export type OfferedModel = { id: string; windowTokens: number | null }
