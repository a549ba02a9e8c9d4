const MAX_TITLE = 60

/** A chat's first title: the beginning of its first message, cut between words. */
export function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  const chars = [...line]
  if (chars.length <= MAX_TITLE) return line
  const cut = chars.slice(0, MAX_TITLE).join('')
  const lastSpace = cut.lastIndexOf(' ')
  return `${lastSpace > MAX_TITLE / 2 ? cut.slice(0, lastSpace) : cut}…`
}
