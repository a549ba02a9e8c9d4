import { z } from 'zod'

import { trustedProxies } from './limits/client'
import type { PlaceCounts } from './limits/places'
import type { Rate, Rates } from './limits/requests'

const MINUTE = 60

/** `60`: a minute; `10/5`: in five seconds; `0`: no limit. */
const rate = (usual: string) =>
  z
    .string()
    .regex(
      /^(0|[1-9]\d{0,6}(\/[1-9]\d{0,4})?)$/,
      'write requests a minute, such as 60, requests in some seconds, such as 10/5, or 0 for no limit',
    )
    .default(usual)
    .transform((written): Rate => {
      const [requests, seconds] = written.split('/')
      return { requests: Number(requests), seconds: seconds ? Number(seconds) : MINUTE }
    })

const WRITE_COUNT = 'write a number of answers, such as 16, or 0 for no limit'
const count = (usual: number) =>
  z.coerce
    .number({ error: WRITE_COUNT })
    .int(WRITE_COUNT)
    .min(0, WRITE_COUNT)
    .max(100_000, WRITE_COUNT)
    .default(usual)

/** What one client may ask for. The defaults are more than a person does. */
export const LimitVariables = z.object({
  RAGGEN_WEB_LIMIT_ASK: rate('60'),
  RAGGEN_WEB_LIMIT_HEAVY: rate('300'),
  RAGGEN_WEB_LIMIT_WRITE: rate('600'),
  RAGGEN_WEB_LIMIT_READ: rate('3000'),
  RAGGEN_WEB_ANSWERS_PER_CLIENT: count(16),
  RAGGEN_WEB_ANSWERS: count(64),
  RAGGEN_WEB_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine(
      (entries) => trustedProxies(entries) !== null,
      'write addresses or nets, such as 127.0.0.1,10.0.0.0/8',
    ),
})

export type Limits = {
  requests: Rates
  answers: PlaceCounts
  /** Whose X-Forwarded-For is believed: addresses and nets. */
  trustedProxies: string[]
}

export function limitsFrom(values: z.infer<typeof LimitVariables>): Limits {
  return {
    requests: {
      ask: values.RAGGEN_WEB_LIMIT_ASK,
      heavy: values.RAGGEN_WEB_LIMIT_HEAVY,
      write: values.RAGGEN_WEB_LIMIT_WRITE,
      read: values.RAGGEN_WEB_LIMIT_READ,
    },
    answers: { perClient: values.RAGGEN_WEB_ANSWERS_PER_CLIENT, inAll: values.RAGGEN_WEB_ANSWERS },
    trustedProxies: values.RAGGEN_WEB_TRUSTED_PROXIES,
  }
}
