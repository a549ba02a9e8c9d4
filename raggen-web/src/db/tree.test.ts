import { describe, expect, it } from 'vitest'

import { plant, type TreeNode } from './tree'

/** q1 ─ a1 ─ q2 ─ a2; a1b beside a1, with q3 ─ a3 below; q1b a first message, too. */
const NODES: TreeNode[] = [
  ['q1', null],
  ['a1', 'q1'],
  ['q2', 'a1'],
  ['a2', 'q2'],
  ['a1b', 'q1'],
  ['q3', 'a1b'],
  ['a3', 'q3'],
  ['q1b', null],
].map(([id, parentId], index) => ({ id: id!, parentId: parentId ?? null, seq: index + 1 }))

describe('a tree', () => {
  const tree = plant(NODES)

  it('has a path from the first message to any other', () => {
    expect(tree.path('a3')).toEqual(['q1', 'a1b', 'q3', 'a3'])
    expect(tree.path('q1b')).toEqual(['q1b'])
    expect([tree.path(null), tree.path('nobody')]).toEqual([[], []])
  })

  it('knows siblings in the order in which they were made', () => {
    expect(tree.siblings('a1b')).toEqual({ ids: ['a1', 'a1b'], index: 1 })
    expect(tree.siblings('q1')).toEqual({ ids: ['q1', 'q1b'], index: 0 })
    expect(tree.siblings('a2')).toEqual({ ids: ['a2'], index: 0 })
  })

  it('finds the end that was written last', () => {
    expect(tree.latestLeaf('q1')).toBe('a3')
    expect(tree.latestLeaf('a1')).toBe('a2')
    expect(tree.latestLeaf('a3')).toBe('a3')
  })

  it('ends where a foreign file made a circle or cut a branch off', () => {
    const circle = plant([
      { id: 'a', parentId: 'b', seq: 1 },
      { id: 'b', parentId: 'a', seq: 2 },
      { id: 'c', parentId: 'gone', seq: 3 },
    ])
    expect(circle.path('a')).toEqual(['b', 'a'])
    expect(circle.latestLeaf('a')).toBe('a')
    expect(circle.path('c')).toEqual(['c'])
  })

  it('of 10,000 messages in a row is read in no time', () => {
    const row = Array.from({ length: 10_000 }, (_, n) => ({
      id: `m${n}`,
      parentId: n === 0 ? null : `m${n - 1}`,
      seq: n + 1,
    }))
    const startedAt = performance.now()
    const long = plant(row)
    expect(long.path('m9999')).toHaveLength(10_000)
    expect(long.latestLeaf('m0')).toBe('m9999')
    for (const { id } of row) long.siblings(id)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
