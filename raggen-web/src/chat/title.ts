import { storable, VISIBLE } from './storable'

const MAX_TITLE = 60
const MAX_WORDS = 6
/** More words than this are not a title but an answer. */
const TOO_MANY_WORDS = 10

/** A chat's first title: the beginning of its first message, cut between words. */
export function titleOf(text: string): string {
  const line = text.trim().replace(/\s+/g, ' ')
  const chars = [...line]
  if (chars.length <= MAX_TITLE) return line
  const cut = chars.slice(0, MAX_TITLE).join('')
  const lastSpace = cut.lastIndexOf(' ')
  return `${lastSpace > MAX_TITLE / 2 ? cut.slice(0, lastSpace) : cut}…`
}

/** What models put around a title: thoughts, marks of emphasis, quotation marks, a label, a full stop. */
const THOUGHTS = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi
const LABEL = /^(?:title|название|заголовок|тема)\s*[:—–-]\s*/i
const AROUND = /^[\s"'`«»„“”‘’*_#>.…,:;-]+|[\s"'`«»„“”‘’*_.…,:;-]+$/gu

/** The title in a model's reply; null: there is none. */
export function modelTitle(reply: string): string | null {
  const lines = storable(reply).replace(THOUGHTS, '').split('\n')
  const line = lines.find((text) => VISIBLE.test(text.replace(AROUND, ''))) ?? ''
  const bare = line.replace(AROUND, '').replace(LABEL, '').replace(AROUND, '')
  const words = bare.split(/\s+/).filter((word) => word !== '')
  if (!VISIBLE.test(bare) || words.length > TOO_MANY_WORDS) return null
  const kept = words.slice(0, MAX_WORDS).join(' ')
  return titleOf(words.length > MAX_WORDS ? `${kept.replace(AROUND, '')}…` : kept)
}
