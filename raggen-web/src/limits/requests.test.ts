import { setTimeout as wait } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { createPlaces } from './places'
import { createRequestLimits, type Rates } from './requests'

const NONE = { requests: 0, seconds: 60 }
const rates = (changes: Partial<Rates>): Rates => {
  return { ask: NONE, heavy: NONE, write: NONE, read: NONE, ...changes }
}

describe('request limits', () => {
  it('counts each client and each budget apart, and says when to come back', async () => {
    const limits = createRequestLimits(
      rates({ ask: { requests: 2, seconds: 60 }, read: { requests: 1, seconds: 60 } }),
    )
    await limits.take('ask', 'one')
    await limits.take('ask', 'one')
    const refusal = await limits.take('ask', 'one').catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'too_many_requests', status: 429 })
    expect((refusal as { detail: { seconds: number } }).detail.seconds).toBe(60)
    await limits.take('ask', 'another')
    await limits.take('read', 'one')
  })

  it('begins anew when the time is over', async () => {
    const limits = createRequestLimits(rates({ ask: { requests: 1, seconds: 1 } }))
    await limits.take('ask', 'one')
    await expect(limits.take('ask', 'one')).rejects.toMatchObject({ detail: { seconds: 1 } })
    await wait(1_050)
    await limits.take('ask', 'one')
  })

  it('0 counts nothing', async () => {
    const limits = createRequestLimits(rates({}))
    for (let n = 0; n < 5_000; n += 1) await limits.take('ask', 'one')
  })

  it('stays small however many addresses ask', async () => {
    const limits = createRequestLimits(rates({ ask: { requests: 1_000_000, seconds: 600 } }))
    const heap = () => (globalThis.gc?.(), process.memoryUsage().heapUsed)
    const take = async (from: number, to: number) => {
      for (let n = from; n < to; n += 1) {
        await limits.take('ask', `${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}.1`)
      }
    }
    await take(0, 100_000)
    const before = heap()
    await take(100_000, 300_000)
    // A counter for each would be some 60 MB.
    expect((heap() - before) / 2 ** 20).toBeLessThan(30)
  }, 60_000)
})

describe('places', () => {
  it('are given to a client and in all up to a number, and given back once', () => {
    const places = createPlaces({ perClient: 2, inAll: 3 })
    const leave = places.take('one')
    places.take('one')
    expect(() => places.take('one')).toThrow(expect.objectContaining({ code: 'too_many_answers' }))
    const leaveOther = places.take('other')
    expect(() => places.take('third')).toThrow(
      expect.objectContaining({ status: 429, detail: { seconds: 5 } }),
    )
    leave()
    leave()
    places.take('third')
    expect(() => places.take('third')).toThrow()
    leaveOther()
    places.take('one')
    expect(() => places.take('one')).toThrow()
  })

  it('0 bounds nothing', () => {
    const places = createPlaces({ perClient: 0, inAll: 0 })
    for (let n = 0; n < 500; n += 1) places.take('one')
  })
})
