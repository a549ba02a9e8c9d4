import type { Omission } from './message'
import { holds, normalised, shingled, type Shingled } from './nearness'

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

type Chosen = { omitted: (Omission | null)[]; tokens: number }

/** An item with what it is compared by. */
type Candidate = CountedItem & {
  said: Shingled
  /** Place of the latest turn that says it; -1: none does. */
  heldAt: number
}

/** `from`: the first turn that could be shown at all; those before it are not looked at. */
function candidates({ items, turns }: PackInput, from: number): Candidate[] {
  const normal = turns.map(({ text }, at) => (at < from ? '' : normalised(text)))
  const shingles: Shingled[] = []
  return items.map((item) => {
    const said = shingled(item.text)
    const heldAt = turns.findLastIndex(
      ({ id, text }, at) =>
        at >= from &&
        (id === item.itemId ||
          (normal[at]!.includes(said.longestWord) &&
            holds((shingles[at] ??= shingled(text)), said))),
    )
    return { ...item, said, heldAt }
  })
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

/**
 * The greedy choice: pinned items first, then by rank; what does not fit leaves room for the next.
 * `from`: the first turn that is shown.
 */
function choose(input: PackInput, all: Candidate[], from: number, tokens: number): Chosen {
  const omitted: Chosen['omitted'] = all.map(() => null)
  const taken: Shingled[] = []
  let left = tokens
  let found = 0
  const why = ({ said, heldAt, pinned, tokens: cost }: Candidate): Omission | null => {
    if (heldAt >= from) return 'duplicate'
    if (taken.some((better) => holds(better, said))) return 'similar'
    if (taken.length >= input.atMost || (!pinned && found >= input.count)) return 'limit'
    return cost > left ? 'budget' : null
  }
  const ordered = [...all.entries()]
  for (const [place, item] of [
    ...ordered.filter(([, { pinned }]) => pinned),
    ...ordered.filter(([, { pinned }]) => !pinned),
  ]) {
    omitted[place] = why(item)
    if (omitted[place] !== null) continue
    left -= item.tokens
    taken.push(item.said)
    if (!item.pinned) found += 1
  }
  return { omitted, tokens: tokens - left }
}

/**
 * What goes into the prompt besides instructions and question: a pure function of its input. Each side
 * has its share, and what one does not use is the other's: context is chosen within its share, history
 * takes what that leaves, and context is chosen again beside that history, for there may be room again
 * and what history now holds need not be said twice. Never more than `tokens` together.
 */
export function pack(input: PackInput): Packed {
  const { turns } = input
  const tokens = Math.max(0, Math.floor(input.tokens))
  const all = candidates(input, turns.length - latestTurns(turns, tokens).length)
  const share = Math.floor(tokens * input.contextShare)
  const chooseBeside = (shown: CountedTurn[], room: number) =>
    choose(input, all, turns.length - shown.length, room)
  const own = latestTurns(turns, tokens - share)
  const shown = latestTurns(turns, tokens - chooseBeside(own, share).tokens)
  const { omitted } = chooseBeside(shown, tokens - sum(shown))
  const cut = turns.slice(0, turns.length - shown.length)
  const leftOut = cut.length > 0 ? { turns: cut.length, tokens: sum(cut) } : null
  return { turns: shown, leftOut, omitted }
}
