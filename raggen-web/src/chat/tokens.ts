/**
 * An estimate of how many tokens a text takes, meant to be too high rather than too low: letters of
 * ASCII words three to a token (English has about four), every digit and sign a token, and 0.6 of a
 * token for each UTF-8 byte beyond ASCII, so 1.2 for a Cyrillic letter, which covers the vocabularies
 * made for English that spell Russian letter by letter.
 */
export function estimateTokens(text: string): number {
  let tokens = 0
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (code > 0x7f) tokens += (code > 0xffff ? 4 : code > 0x7ff ? 3 : 2) * 0.6
    else tokens += /[A-Za-z ]/.test(char) ? 1 / 3 : 1
  }
  return Math.ceil(tokens)
}

/** What a chat template adds around each message. */
export const TOKENS_PER_MESSAGE = 6
