import { describe, expect, it } from 'vitest'

import { groupByDate } from './date-groups'

const NOW = new Date('2026-11-23T09:00:00Z')
const chat = (updatedAt: string) => ({
  id: updatedAt,
  title: '',
  titledBy: 'question' as const,
  createdAt: updatedAt,
  updatedAt,
  pinnedAt: null,
  excludedAt: null,
})
const keysOf = (zone: string, ...moments: string[]) =>
  groupByDate(moments.map(chat), NOW, zone).map(({ key, chats }) => [key, chats.length])

describe('groupByDate', () => {
  it('knows the groups, newest first', () => {
    const groups = keysOf(
      'UTC',
      '2026-09-01T10:00:00Z',
      '2026-11-23T08:00:00Z',
      '2026-11-22T23:59:00Z',
      '2026-11-16T10:00:00Z',
      '2026-10-25T10:00:00Z',
      '2026-09-30T10:00:00Z',
    )
    expect(groups).toEqual([
      ['today', 1],
      ['yesterday', 1],
      ['week', 1],
      ['month', 1],
      ['month:2026-09', 2],
    ])
  })

  it('goes by the calendar of the person, not by hours', () => {
    // 22:30 UTC on the 22nd is already the 23rd in Moscow.
    expect(keysOf('Europe/Moscow', '2026-11-22T22:30:00Z')).toEqual([['today', 1]])
    expect(keysOf('UTC', '2026-11-22T22:30:00Z')).toEqual([['yesterday', 1]])
  })

  it('takes a clock that runs ahead for today', () => {
    expect(keysOf('UTC', '2026-11-24T01:00:00Z')).toEqual([['today', 1]])
  })
})
