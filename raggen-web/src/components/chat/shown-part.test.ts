import { describe, expect, it } from 'vitest'

import { withEarlier, withNewest, type ShownPart } from './shown-part'

const part = (ids: string, earlier = false): ShownPart => ({
  messages: [...ids].map((id) => ({ id, role: 'user', parts: [] })),
  earlier,
})
const idsOf = ({ messages, earlier }: ShownPart) =>
  (earlier ? '…' : '') + messages.map(({ id }) => id).join('')

describe('withNewest', () => {
  it.each([
    ['a whole branch replaces everything', part('abc'), part('ax'), 'ax'],
    ['newest messages continue what is known', part('abcd'), part('cde', true), 'abcde'],
    ['what was not read yet stays unread', part('bcd', true), part('cx', true), '…bcx'],
    ['another branch without a common message', part('abcd'), part('xyz', true), '…xyz'],
    ['an empty tab takes what there is', part(''), part('cd', true), '…cd'],
  ])('%s', (_name, known, newest, shown) => {
    expect(idsOf(withNewest(known, newest))).toBe(shown)
  })
})

describe('withEarlier', () => {
  it('puts what was said before in front, and says whether there is more', () => {
    expect(idsOf(withEarlier(part('cd', true), part('ab', true)))).toBe('…abcd')
    expect(idsOf(withEarlier(part('cd', true), part('ab')))).toBe('abcd')
  })
})
