import type { Turn } from './prompt'
import { VISIBLE } from './storable'

/** raggen-embed looks no further back. */
const TURNS = 3

/** An unfinished sentence may begin so and ask: many people type no question mark. */
const ASKS =
  /^\s*(?:(?:а|и|but|and|so)\s+)?(?:что|чего|чему|чем|кто|кого|кому|как|как(?:ой|ая|ое|ие)|где|куда|откуда|почему|зачем|сколько|ч(?:ей|ья|ьё|ье|ьи)|what|who|whose|where|why|which|how)(?![\p{L}\p{N}])/iu

/** The person's own last turns, oldest first, that have any words. */
export function earlierTurns(history: Turn[]): Turn[] {
  return history.filter(({ role, text }) => role === 'user' && VISIBLE.test(text)).slice(-TURNS)
}

/**
 * Whether a turn is one question and tells nothing. By its punctuation and its first word: a rule of
 * thumb, whose mistakes hide a message of the same chat, or show a question where an answer belongs.
 */
export function asksOnly(text: string): boolean {
  const sentence = text.trim().replace(/\?+$/, '')
  if (/[.!?…\n]/.test(sentence)) return false
  return sentence !== text.trim() || (ASKS.test(sentence) && !sentence.includes(','))
}
