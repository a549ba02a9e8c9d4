/** A text by its words and by its runs of three words; see `holds`. */
export type Shingled = {
  /** Without case, punctuation and the ways to write one letter. */
  plain: string
  words: Set<string>
  /** Only a text that has it can hold this one: quick to look for in many. '' where there are no words. */
  longestWord: string
  /** Made when somebody asks: most comparisons end with a word. */
  shingles: () => Set<string>
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

/** A text with one way to write each letter. */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('ё', 'е')
}

/** What `holds` compares. */
export function shingled(text: string): Shingled {
  const normal = normalised(text)
  const words: string[] = normal.match(WORD) ?? []
  let made: Set<string> | null = null
  const denials = words.filter((word) => DENIAL.test(word)).length
  return {
    plain: words.length > 0 ? words.join(' ') : normal.replace(/\s+/g, ' ').trim(),
    words: new Set(words),
    longestWord: words.reduce(
      (longest, word) => (word.length > longest.length ? word : longest),
      '',
    ),
    shingles: () => (made ??= runs(words)),
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
  for (const word of piece.words) if (!holder.words.has(word)) return false
  const [shingles, held] = [piece.shingles(), holder.shingles()]
  let missing = Math.floor(shingles.size * (1 - CONTAINMENT))
  for (const shingle of shingles) if (!held.has(shingle) && (missing -= 1) < 0) return false
  return true
}
