/** No language has such words; pasted keys, dumps and held keys do. */
const ENDLESS = /\S{1000}/

/**
 * The class for an element that shows `text`: a word without end is set without kerning. Where two
 * letters are kerned a browser shapes the rest of such a word anew for every line: a minute for 100,000.
 */
export function unkerned(text: string): string | undefined {
  return ENDLESS.test(text) ? '[font-kerning:none]' : undefined
}
