/** The chat that an address shows; null for a new one. */
export function chatIdOf(pathname: string): string | null {
  return /^\/chats\/([\w-]+)$/.exec(pathname)?.[1] ?? null
}
