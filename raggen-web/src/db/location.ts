import { isAbsolute } from 'node:path'

/** Where the chats are kept. */
export type Location = { kind: 'sqlite'; path: string } | { kind: 'postgresql'; url: string }

/**
 * What a database's URL means: file:/absolute/path.db, or postgresql://user:password@host/database.
 *
 * @returns null for anything else.
 */
export function locationOf(url: string): Location | null {
  if (url.startsWith('file:')) {
    const path = url.slice('file:'.length)
    return isAbsolute(path) ? { kind: 'sqlite', path } : null
  }
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) return null
  const { host, pathname } = new URL(url)
  // Both may be left out of such a URL, and then others decide which database it is.
  return host !== '' && pathname.length > 1 ? { kind: 'postgresql', url } : null
}

/** The location in words for a person or a log: without user and password. */
export function describeLocation(location: Location): string {
  if (location.kind === 'sqlite') return location.path
  const { host, pathname } = new URL(location.url)
  return `postgresql://${host}${pathname}`
}
