import { describe, expect, it } from 'vitest'

import { seeded } from '../../test/random'

import { holds, shingled } from './nearness'
import { latestTurns, pack, type CountedItem, type CountedTurn, type PackInput } from './packing'

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed + 1)
const WORDS =
  'собака гроза Archie is afraid of thunder 12 not bread milk завтра купить в магазин'.split(' ')

function item(itemId: string, text: string, change: Partial<CountedItem> = {}): CountedItem {
  return { itemId, text, pinned: false, tokens: 10, ...change }
}

function turn(id: string, text: string, change: Partial<CountedTurn> = {}): CountedTurn {
  return { id, role: 'user', text, tokens: 10, ...change }
}

function packing(change: Partial<PackInput>): PackInput {
  return { tokens: 100, contextShare: 0.5, count: 8, atMost: 50, turns: [], items: [], ...change }
}

/** A conversation and a memory of any shape, with repetitions in both. */
function anything(seed: number): PackInput {
  const random = seeded(seed)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const text = () =>
    Array.from({ length: 1 + upTo(12) }, () => WORDS[upTo(WORDS.length - 1)]).join(' ')
  const said = Array.from({ length: 1 + upTo(20) }, text)
  const repeated = () => (random() < 0.3 ? said[upTo(said.length - 1)]! : text())
  return {
    tokens: upTo(2000) - 100,
    contextShare: 0.05 + random() * 0.85,
    count: 1 + upTo(12),
    atMost: 1 + upTo(14),
    turns: said.map((words, at) => ({
      id: `t${at}`,
      role: at % 2 === 0 ? 'user' : 'assistant',
      text: words,
      tokens: 1 + upTo(200),
    })),
    items: Array.from({ length: upTo(20) }, (_, at) => {
      return item(`i${at}`, repeated(), { pinned: random() < 0.2, tokens: 1 + upTo(200) })
    }),
  }
}

const tokensOf = (counted: { tokens: number }[]) =>
  counted.reduce((sum, { tokens }) => sum + tokens, 0)
const takenOf = ({ items }: PackInput, omitted: (string | null)[]) =>
  items.filter((_, at) => omitted[at] === null)

describe('whatever is packed', () => {
  it('stays within its tokens', () => {
    for (const input of SEEDS.map(anything)) {
      const { turns, omitted } = pack(input)
      const used = tokensOf(turns) + tokensOf(takenOf(input, omitted))
      expect(used).toBeLessThanOrEqual(Math.max(0, input.tokens))
    }
  })

  it('is the same for the same input, and leaves the input as it was', () => {
    for (const seed of SEEDS.slice(0, 100)) {
      const input = anything(seed)
      expect(pack(input)).toEqual(pack(anything(seed)))
      expect(input).toEqual(anything(seed))
    }
  })

  it('is the end of the conversation, a question first, and what is before it is counted', () => {
    for (const input of SEEDS.map(anything)) {
      const { turns, leftOut } = pack(input)
      expect(turns).toEqual(input.turns.slice(input.turns.length - turns.length))
      expect(leftOut?.turns ?? 0).toBe(input.turns.length - turns.length)
      expect(leftOut?.tokens ?? 0).toBe(tokensOf(input.turns) - tokensOf(turns))
      if (turns.length < input.turns.length) expect(turns[0]?.role ?? 'user').toBe('user')
    }
  })

  it('takes no more items than asked for and than the model is good for', () => {
    for (const input of SEEDS.map(anything)) {
      const taken = takenOf(input, pack(input).omitted)
      expect(taken.filter(({ pinned }) => !pinned).length).toBeLessThanOrEqual(input.count)
      expect(taken.length).toBeLessThanOrEqual(input.atMost)
    }
  })

  it('gives a reason for each item that is left out, and the reason is true', () => {
    for (const input of SEEDS.map(anything)) {
      const { turns, omitted } = pack(input)
      const taken = takenOf(input, omitted)
      const left = Math.max(0, input.tokens) - tokensOf(turns) - tokensOf(taken)
      const inHistory = (text: string) =>
        turns.some((said) => holds(shingled(said.text), shingled(text)))
      omitted.forEach((reason, at) => {
        const { text, pinned, tokens } = input.items[at]!
        const others = taken.some((better) => holds(shingled(better.text), shingled(text)))
        expect(inHistory(text)).toBe(reason === 'duplicate')
        if (reason === 'similar') expect(others).toBe(true)
        if (reason === 'budget') expect(tokens).toBeGreaterThan(left)
        if (reason !== 'limit') return
        const found = taken.filter((one) => !one.pinned).length
        expect(taken.length === input.atMost || (!pinned && found === input.count)).toBe(true)
      })
    }
  })

  it('has the pinned items first: adding others takes none of them away', () => {
    for (const input of SEEDS.map(anything).filter(({ turns }) => turns.length > 0)) {
      const bare = { ...input, turns: [] }
      const alone = pack({ ...bare, items: input.items.filter(({ pinned }) => pinned) })
      const together = pack(bare)
      const pinned = together.omitted.filter((_, at) => input.items[at]?.pinned)
      expect(pinned).toEqual(alone.omitted)
    }
  })
})

describe('the shares', () => {
  const long = Array.from({ length: 40 }, (_, at) =>
    turn(`t${at}`, `turn ${at}`, { role: at % 2 === 0 ? 'user' : 'assistant' }),
  )
  const many = Array.from({ length: 40 }, (_, at) => item(`i${at}`, `item number ${at}`))

  it('hold where both sides want more than there is', () => {
    const { turns, omitted } = pack(
      packing({ turns: long, items: many, count: 50, contextShare: 0.3 }),
    )
    expect(omitted.filter((reason) => reason === null)).toHaveLength(4)
    expect(tokensOf(turns)).toBe(60) // Seven would fit, but the first of them is an answer.
  })

  it('that one side does not use are the other’s', () => {
    const few = pack(packing({ turns: long, items: many.slice(0, 2) }))
    expect(tokensOf(few.turns)).toBe(80)
    const short = pack(packing({ turns: long.slice(-2), items: many, count: 50 }))
    expect(short.omitted.filter((reason) => reason === null)).toHaveLength(8)
  })

  it('are chosen again when more history is shown: what it says now needs no note', () => {
    const turns = [turn('t0', 'My dog is called Archie.'), ...long.slice(0, 4)]
    const items = [item('i0', 'My dog is called Archie.'), item('i1', 'He is afraid of thunder.')]
    const packed = pack(packing({ turns, items, tokens: 80 }))
    expect(packed.turns).toHaveLength(5)
    expect(packed.omitted).toEqual(['duplicate', null])
  })
})

describe('items', () => {
  it('that do not fit leave room for later, shorter ones', () => {
    const items = [item('i0', 'One.', { tokens: 101 }), item('i1', 'Two.')]
    expect(pack(packing({ items })).omitted).toEqual(['budget', null])
  })

  it('that are in the history already are not repeated, by id or by words', () => {
    const turns = [turn('t0', 'As I said: my dog is called ARCHIE, he is afraid of thunder')]
    const items = [
      item('t0', 'What memory holds instead.'),
      item('i1', 'My dog is called Archie, he is afraid of thunder.'),
      item('i2', 'My dog is called Bella, he is afraid of thunder.'),
    ]
    expect(pack(packing({ turns, items })).omitted).toEqual(['duplicate', 'duplicate', null])
  })

  it('that say nothing new beside a better one are dropped, and the better one is the pinned one', () => {
    const items = [
      item('i0', 'my dog is called archie'),
      item('i1', 'My dog is called Archie!', { pinned: true }),
      item('i2', 'My dog is called Archie?'),
    ]
    expect(pack(packing({ items })).omitted).toEqual(['similar', null, null])
  })

  it('that are pinned do not use up the number asked for, only what the model is good for', () => {
    const items = [
      item('i0', 'One.', { pinned: true }),
      item('i1', 'Two.', { pinned: true }),
      item('i2', 'Three.'),
      item('i3', 'Four.'),
    ]
    expect(pack(packing({ items, count: 1 })).omitted).toEqual([null, null, null, 'limit'])
    expect(pack(packing({ items, count: 1, atMost: 2 })).omitted.slice(2)).toEqual([
      'limit',
      'limit',
    ])
  })
})

describe('a long conversation', () => {
  it('of 10,000 turns and 50 items is packed in a moment, whatever the window', () => {
    const random = seeded(7)
    const words = Array.from({ length: 3000 }, (_, at) => `word${at}`)
    const text = () =>
      Array.from({ length: 60 }, () => words[Math.floor(random() * 3000)]).join(' ')
    const turns = Array.from({ length: 10_000 }, (_, at) =>
      turn(`t${at}`, text(), { role: at % 2 === 0 ? 'user' : 'assistant', tokens: 100 }),
    )
    const items = Array.from({ length: 50 }, (_, at) => item(`i${at}`, text(), { tokens: 100 }))
    const took = [8_000, 128_000].map((tokens) => {
      const startedAt = performance.now()
      expect(pack(packing({ tokens, turns, items })).turns.length).toBeGreaterThan(20)
      return performance.now() - startedAt
    })
    expect(took[0]).toBeLessThan(100)
    expect(took[1]).toBeLessThan(1000)
  })

  it('ends where a turn does not fit, and never begins with an answer', () => {
    const turns = [
      turn('a', 'One'),
      turn('b', 'Two', { role: 'assistant' }),
      turn('c', 'Three', { tokens: 500 }),
      turn('d', 'Four', { role: 'assistant' }),
      turn('e', 'Five'),
    ]
    expect(latestTurns(turns, 100).map(({ id }) => id)).toEqual(['e'])
    expect(latestTurns(turns, 5)).toEqual([])
    expect(latestTurns(turns, 5000)).toEqual(turns)
  })
})
