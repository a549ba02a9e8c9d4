import { BlockList, isIP, isIPv4 } from 'node:net'

/**
 * Whom a request is counted for: src/limits/stamp.ts writes it into the request, and overwrites what
 * came under this name from outside.
 */
export const CLIENT_HEADER = 'x-raggen-client'

/** Requests that never passed a socket, as in tests, count together. */
const UNKNOWN = 'unknown'

/** `::ffff:10.0.0.1` is 10.0.0.1; an interface (`fe80::1%eth0`) is no part of an address. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  return mapped ?? bare
}

/** What a proxy wrote: an address, perhaps with a port. null: something else. */
function forwardedAddress(written: string): string | null {
  const trimmed = written.trim()
  const host =
    /^\[(.+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  const address = plainAddress(host)
  return isIP(address) ? address : null
}

/** The first 64 bits: the smallest net that a provider gives to one customer. */
function networkOf(address: string): string {
  // The parser of addresses writes them in one way only, and dotted tails in hexadecimal.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail = ''] = written.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const groups = written.includes('::') ? [...before, ...zeros, ...after] : before
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Addresses and nets (`10.0.0.0/8`). null: one of them is neither. */
export function trustedProxies(entries: string[]): BlockList | null {
  const list = new BlockList()
  for (const entry of entries) {
    const [address = '', bits, ...rest] = entry.split('/')
    const version = isIP(address)
    const most = version === 4 ? 32 : 128
    const prefix = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : NaN
    if (version === 0 || rest.length > 0 || !(prefix <= most)) return null
    list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/**
 * Who asks: an IPv4 address, or the /64 of an IPv6 one.
 *
 * X-Forwarded-For can be written by anybody. Only what a trusted proxy added is believed: it is read
 * from its end, where the nearest proxy writes, up to the first address that is not trusted itself.
 *
 * @param socketAddress Of whoever opened the connection.
 */
export function clientOf(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  trusted: BlockList,
): string {
  let address = plainAddress(socketAddress ?? '')
  if (!isIP(address)) return UNKNOWN
  const isTrusted = (one: string) => trusted.check(one, isIPv4(one) ? 'ipv4' : 'ipv6')
  const said = forwardedFor?.split(',') ?? []
  while (isTrusted(address)) {
    const before = forwardedAddress(said.pop() ?? '')
    if (before === null) break
    address = before
  }
  return isIPv4(address) ? address : networkOf(address)
}

/** Whom this request is counted for. */
export function clientFrom(headers: Headers): string {
  return headers.get(CLIENT_HEADER) ?? UNKNOWN
}
