import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { deadUrl } from '../../../../test/listen'
import { until } from '../../../../test/until'

import { POST } from './route'

import type { Reconciliation } from '@/index/reconcile'

const NONE = { params: Promise.resolve({}) }

async function compare(repair = false): Promise<Reconciliation> {
  const response = await POST(jsonRequest('/api/reconcile', 'POST', { repair }), NONE)
  expect(response.status).toBe(200)
  return (await response.json()) as Reconciliation
}

/** A raggen that has said a few things, all of them taken by raggen-embed. */
async function settled(count: number) {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  for (let n = 0; n < count; n += 1) await say(`Archie the dog fears thunder number ${n}.`)
  const empty = async () => (await runtime.store.outbox.pending(new Date())).pending === 0
  await until('the outbox is empty', empty)
  return { embed, runtime, empty }
}

describe('reconciling', () => {
  it('finds no difference where both sides hold the same, and quotations on neither', async () => {
    const { embed } = await settled(3)
    expect(embed.items.size).toBe(3)
    expect(await compare()).toEqual({
      here: 3,
      there: 3,
      pending: 0,
      refused: 0,
      differences: [],
    })
  })

  it('tells every kind of difference, and repairs it', async () => {
    const { embed, empty } = await settled(5)
    const [lost, changed, newer, kept, revived] = [...embed.items.values()]
    embed.items.delete(lost!.id)
    embed.items.set(changed!.id, { ...changed!, text: 'Something else.' })
    embed.items.set(newer!.id, { ...newer!, version: 7 })
    embed.items.set('stranger-1', { ...kept!, id: 'stranger-1' })
    embed.items.delete(revived!.id)
    embed.tombstones.set(revived!.id, 2) // deleted, and then a backup brought the message back
    const found = await compare(true)
    const kinds = new Map(found.differences.map(({ id, what }) => [id, what]))
    expect(kinds).toEqual(
      new Map([
        [lost!.id, 'missing'],
        [changed!.id, 'text'],
        [newer!.id, 'version'],
        ['stranger-1', 'extra'],
        [revived!.id, 'missing'],
      ]),
    )
    await until('the repair is taken', empty)
    expect(await compare()).toMatchObject({ here: 5, there: 5, differences: [] })
    expect(embed.items.get(changed!.id)?.text).toBe(changed!.text)
    expect(embed.items.has('stranger-1')).toBe(false)
  })

  it('leaves out what is still on its way', async () => {
    const { embed, runtime } = await settled(1)
    embed.failures = 1000
    embed.status = 503
    const later = await say('Later words.')
    expect(later.status).toBe(200)
    embed.failures = 0
    await runtime.indexer.stop()
    const found = await compare()
    expect(found.differences).toEqual([])
    expect(found.here - found.there).toBe(found.pending)
  })

  it('says when raggen-embed does not answer, and changes nothing', async () => {
    await startRuntime({ RAGGEN_WEB_EMBED_URL: await deadUrl() })
    const response = await POST(jsonRequest('/api/reconcile', 'POST', { repair: true }), NONE)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ error: { code: 'memory_unavailable' } })
  })
})
