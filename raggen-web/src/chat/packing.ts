import type { Omission } from './message'
import { holds, shingled, type Shingled } from './nearness'

export type CountedTurn = { id: string; role: 'user' | 'assistant'; text: string; tokens: number }
export type CountedItem = {
  itemId: string
  text: string
  /** Given to every answer: comes first, and is no part of `count`. */
  pinned: boolean
  /** Of the piece as it would stand in the prompt. */
  tokens: number
}

export type PackInput = {
  /** What the window leaves to context and history together; below 0 when the question fills it. */
  tokens: number
  /** The share of it that context may take, 0..1. */
  contextShare: number
  /** How many items that were not pinned. */
  count: number
  /** How many items in all, pinned ones too: what the model is good for. */
  atMost: number
  /** The shown branch, oldest first. */
  turns: CountedTurn[]
  /** The best first. */
  items: CountedItem[]
}

export type Packed = {
  /** The latest turns, in order. */
  turns: CountedTurn[]
  leftOut: { turns: number; tokens: number } | null
  /** Of each item, in the order of the input; null: it is in the prompt. */
  omitted: (Omission | null)[]
}

type Near = (text: string) => Shingled
type Chosen = { omitted: (Omission | null)[]; tokens: number }

/** Shingles of each text once, however often it is compared. */
function nearOnce(): Near {
  const known = new Map<string, Shingled>()
  return (text) => {
    const found = known.get(text) ?? shingled(text)
    known.set(text, found)
    return found
  }
}

/**
 * The latest turns that `tokens` hold: whole turns, none left out between two, a question first (the
 * templates of some models refuse a conversation that begins with an answer).
 */
export function latestTurns(turns: CountedTurn[], tokens: number): CountedTurn[] {
  let left = tokens
  let from = turns.length
  while (from > 0 && (left -= turns[from - 1]!.tokens) >= 0) from -= 1
  while (from > 0 && turns[from]?.role === 'assistant') from += 1
  return turns.slice(from)
}

function sum(turns: { tokens: number }[]): number {
  return turns.reduce((total, { tokens }) => total + tokens, 0)
}

/** The greedy choice: pinned items first, then by rank; what does not fit leaves room for the next. */
function choose(input: PackInput, shown: CountedTurn[], tokens: number, near: Near): Chosen {
  const places = input.items.map((_, place) => place)
  const order = [
    ...places.filter((place) => input.items[place]?.pinned),
    ...places.filter((place) => !input.items[place]?.pinned),
  ]
  const omitted: Chosen['omitted'] = places.map(() => null)
  const taken: Shingled[] = []
  let left = tokens
  let found = 0
  const why = (item: CountedItem): Omission | null => {
    const text = near(item.text)
    const inHistory = (turn: CountedTurn) =>
      turn.id === item.itemId ||
      // Most turns are too short to hold it, and never looked at.
      (turn.text.length * 2 > item.text.length && holds(near(turn.text), text))
    if (shown.some(inHistory)) return 'duplicate'
    if (taken.some((better) => holds(better, text))) return 'similar'
    if (taken.length >= input.atMost || (!item.pinned && found >= input.count)) return 'limit'
    return item.tokens > left ? 'budget' : null
  }
  for (const place of order) {
    const item = input.items[place]!
    const reason = why(item)
    omitted[place] = reason
    if (reason !== null) continue
    left -= item.tokens
    taken.push(near(item.text))
    if (!item.pinned) found += 1
  }
  return { omitted, tokens: tokens - left }
}

/**
 * What goes into the prompt besides instructions and question: a pure function of its input. Each side
 * has its share, and what one does not use is the other's: history takes its share, context what is
 * left, history what context left, and context is chosen again for that history, because what history
 * now holds need not be said twice. Never more than `tokens` together.
 */
export function pack(input: PackInput): Packed {
  const { turns } = input
  const tokens = Math.max(0, Math.floor(input.tokens))
  const near = nearOnce()
  const own = latestTurns(turns, tokens - Math.floor(tokens * input.contextShare))
  const tentative = choose(input, own, tokens - sum(own), near)
  const shown = latestTurns(turns, tokens - tentative.tokens)
  const { omitted } = choose(input, shown, tokens - sum(shown), near)
  const cut = turns.slice(0, turns.length - shown.length)
  const leftOut = cut.length > 0 ? { turns: cut.length, tokens: sum(cut) } : null
  return { turns: shown, leftOut, omitted }
}
