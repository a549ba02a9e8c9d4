/** A text by its words and by its runs of three words; see `holds`. */
export type Shingled = {
  /** Without case, punctuation and the ways to write one letter. */
  plain: string
  words: Set<string>
  shingles: Set<string>
  /** How often it denies and asks: "will come" says nothing of "will not come" and "will come?". */
  marks: string
}

const RUN = 3
/** Of the runs of words of one text, how many the other has at least. */
const CONTAINMENT = 0.9
const WORD = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu
const DENIAL = /^(?:не|нет|ни|без|никогда|нельзя|no|not|never|none|nor|without|cannot)$|n['’]t$/u

function runs(words: string[]): Set<string> {
  if (words.length <= RUN) return new Set([words.join(' ')])
  return new Set(words.slice(RUN - 1).map((_, at) => words.slice(at, at + RUN).join(' ')))
}

/** What `holds` compares. */
export function shingled(text: string): Shingled {
  const normal = text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е')
  const words: string[] = normal.match(WORD) ?? []
  const denials = words.filter((word) => DENIAL.test(word)).length
  return {
    plain: words.length > 0 ? words.join(' ') : normal.replace(/\s+/g, ' ').trim(),
    words: new Set(words),
    shingles: runs(words),
    marks: `${denials} ${normal.split('?').length}`,
  }
}

/**
 * Whether `holder` says all that `piece` says. By containment of shingles (Broder 1997, "On the
 * resemblance and containment of documents"), and strict, because what is dropped wrongly is missing
 * from an answer and what is kept wrongly costs a few tokens: not one word may be new (one word is a
 * name, a number or a negation), and both must deny and ask as often.
 */
export function holds(holder: Shingled, piece: Shingled): boolean {
  if (holder.plain === piece.plain) return holder.marks === piece.marks
  if (piece.words.size === 0 || piece.words.size > holder.words.size) return false
  if (holder.marks !== piece.marks) return false
  let missing = Math.floor(piece.shingles.size * (1 - CONTAINMENT))
  for (const shingle of piece.shingles) {
    if (!holder.shingles.has(shingle) && (missing -= 1) < 0) return false
  }
  for (const word of piece.words) if (!holder.words.has(word)) return false
  return true
}
