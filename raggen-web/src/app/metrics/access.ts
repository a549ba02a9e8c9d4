import { createHash, timingSafeEqual } from 'node:crypto'

import { Forbidden, Unauthorised } from '@/errors'
import { CLIENT_HEADER } from '@/limits/client'

/** How src/limits/client.ts writes them: ::1 is the first address of its net. */
const LOOPBACK_CLIENT = /^(127\.[\d.]+|0:0:0:0::\/64)$/
const LOOPBACK = /^(::ffff:)?127\.[\d.]+$|^::1$/

/** From this machine, and through no proxy that had it from elsewhere. */
function isLocal(headers: Headers): boolean {
  const client = headers.get(CLIENT_HEADER) ?? ''
  const forwarded = (headers.get('x-forwarded-for') ?? '').split(',').map((one) => one.trim())
  return LOOPBACK_CLIENT.test(client) && forwarded.every((one) => one === '' || LOOPBACK.test(one))
}

function isSame(sent: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(sent), digest(wanted))
}

/**
 * Numbers say how much somebody writes, and when. With a token, whoever has it may read them; without
 * one, whoever is on this machine.
 *
 * @param token '' where there is none.
 * @throws Unauthorised metrics_token; Forbidden metrics_elsewhere.
 */
export function checkReader(headers: Headers, token: string): void {
  if (token !== '') {
    const sent = /^bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
    if (isSame(sent, token)) return
    throw new Unauthorised('metrics_token', 'RAGGEN_WEB_METRICS_TOKEN was not sent')
  }
  if (!isLocal(headers)) {
    throw new Forbidden('metrics_elsewhere', 'read from elsewhere without RAGGEN_WEB_METRICS_TOKEN')
  }
}
