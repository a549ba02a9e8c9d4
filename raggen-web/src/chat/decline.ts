/** Where a person chose that a guess is worse than no answer. */
const ONLY_FROM_MEMORY = `Answer from the notes and this conversation alone, and from nothing else that you know. Where they do not hold the answer, say in one sentence that memory holds nothing about it; do not guess.`

const NOTHING_RELEVANT = `Memory was searched and holds nothing relevant to the last message. Unless this conversation itself holds the answer, do not answer: say in one sentence, in the language of the last message, that memory holds nothing about it. Do not guess, and use nothing else that you know.`

/** The instruction to decline instead of guessing; `notes`: how many the prompt holds. */
export function declining(notes: number): string {
  return notes > 0 ? ONLY_FROM_MEMORY : NOTHING_RELEVANT
}
