import type { ListPlace } from '@/db/remembered'
import { InvalidRequest } from '@/errors'

/** A place in the list as an opaque cursor. */
export function encodePlace({ createdAt, seq, id }: ListPlace): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), seq, id])).toString('base64url')
}

/** @throws InvalidRequest invalid_request */
export function decodePlace(cursor: string): ListPlace {
  const wrong = () => new InvalidRequest('invalid_request', 'the cursor is none that was given')
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw wrong()
  }
  const [ms, seq, id] = Array.isArray(value) ? (value as unknown[]) : []
  const createdAt = new Date(typeof ms === 'number' ? ms : NaN)
  if (Number.isNaN(createdAt.getTime()) || !Number.isInteger(seq) || typeof id !== 'string') {
    throw wrong()
  }
  return { createdAt, seq: seq as number, id }
}
