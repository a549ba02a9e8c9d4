import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../../test/chat'
import { startEmbedServer } from '../../../test/embed-server'
import { startWithModel } from '../../../test/model'
import { until } from '../../../test/until'

import { GET } from './route'

import { GET as STATISTICS } from '@/app/api/statistics/route'
import { CLIENT_HEADER } from '@/limits/client'

const NONE = { params: Promise.resolve({}) }
const HERE = { [CLIENT_HEADER]: '127.0.0.1' }

function scrape(headers: Record<string, string> = HERE): Promise<Response> {
  return GET(new Request('http://127.0.0.1:3000/metrics', { headers }), NONE)
}

/** Values by name and labels, as they are written: `raggen_web_chats`, `raggen_web_items{state="indexed"}`. */
async function numbers(): Promise<Map<string, number>> {
  const lines = (await (await scrape()).text()).split('\n').filter((line) => /^\w/.test(line))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at), Number(line.slice(at + 1))]
    }),
  )
}

/** How much each number grew while `work` was done: they are the process's, and other tests count too. */
async function grown(work: () => Promise<unknown>) {
  const before = await numbers()
  await work()
  const after = await numbers()
  return (name: string) =>
    (after.get(`raggen_web_${name}`) ?? 0) - (before.get(`raggen_web_${name}`) ?? 0)
}

describe('/metrics', () => {
  it('counts an answer, its parts, its context, and what is stored', async () => {
    const { runtime } = await startWithModel()
    await say('My dog Archie is afraid of thunder.')
    const isTaken = async () => (await runtime.store.outbox.pending(new Date())).pending === 0
    await until('it is remembered', isTaken)
    const growth = await grown(async () => {
      await say('What is my dog Archie afraid of?')
      await until('it is remembered', isTaken)
    })
    expect(growth('answers_total{kind="openai",outcome="complete"}')).toBe(1)
    for (const part of ['answer', 'own', 'provider', 'first_words', 'provider_first_words']) {
      expect(growth(`${part}_seconds_count{kind="openai"}`), part).toBe(1)
    }
    expect(growth('answer_seconds_sum{kind="openai"}')).toBeGreaterThanOrEqual(
      growth('own_seconds_sum{kind="openai"}'),
    )
    expect(growth('retrievals_total{outcome="used"}')).toBe(1)
    expect(growth('retrieval_seconds_count')).toBe(1)
    expect(growth('context_items_count')).toBe(1)
    expect(growth('context_items_sum')).toBeGreaterThan(0)
    expect(growth('handed_over_total{op="upsert",result="taken"}')).toBe(2)
    const now = await numbers()
    expect(now.get('raggen_web_chats')).toBe(2)
    expect(now.get('raggen_web_messages')).toBe(4)
    expect(now.get('raggen_web_items{state="indexed"}')).toBe(4)
    expect(now.get('raggen_web_outbox_rows')).toBe(0)
    expect(now.get('raggen_web_ready')).toBe(1)
    expect(now.get('raggen_web_database_bytes')).toBeGreaterThan(10_000)
    expect(now.get('raggen_web_disk_free_bytes')).toBeGreaterThan(0)
    expect(now.get('raggen_web_process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
  })

  it('counts what failed, and how often it was tried', async () => {
    const { openai } = await startWithModel()
    openai.behaviour = 'unauthorized'
    const refused = await grown(() => say('What is my dog afraid of?'))
    expect(refused('answers_total{kind="openai",outcome="failed"}')).toBe(1)
    expect(refused('answer_failures_total{kind="openai",code="provider_unauthorized"}')).toBe(1)
    expect(refused('provider_retries_total{kind="openai"}')).toBe(0)
    openai.behaviour = 'broken'
    openai.times = openai.completions.length + 1
    const retried = await grown(() => say('What is my dog afraid of?'))
    expect(retried('provider_retries_total{kind="openai"}')).toBe(1)
    expect(retried('answers_total{kind="openai",outcome="complete"}')).toBe(1)
  })

  it('tells a memory that is late from one that is down, and when it is not asked any more', async () => {
    const embed = await startEmbedServer()
    await startRuntime({
      RAGGEN_WEB_EMBED_URL: embed.url,
      RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS: '100',
    })
    const empty = await grown(() => say('What is my dog afraid of?'))
    expect(
      empty('retrievals_total{outcome="nothing_relevant"}') +
        empty('retrievals_total{outcome="empty"}'),
    ).toBe(1)
    embed.delayMs = 2_000
    const late = await grown(async () => {
      for (let n = 0; n < 4; n += 1) await say('What is my dog afraid of?')
    })
    expect(late('retrievals_total{outcome="timed_out"}')).toBe(3)
    expect(late('retrievals_total{outcome="breaker_open"}')).toBe(1)
    expect(late('breaker_opened_total')).toBe(1)
    expect((await numbers()).get('raggen_web_breaker_open')).toBe(1)
    embed.delayMs = 0
    await until('it is asked again', async () => {
      await say('What is my dog afraid of?')
      return (await numbers()).get('raggen_web_breaker_open') === 0
    })
    await startRuntime()
    const down = await grown(() => say('What is my dog afraid of?'))
    expect(down('retrievals_total{outcome="down"}')).toBe(1)
  })

  it('counts what a limit refused', async () => {
    await startRuntime({ RAGGEN_WEB_LIMIT_ASK: '1/60' })
    const growth = await grown(async () => {
      await say('What is my dog afraid of?')
      expect((await say('What is my dog afraid of?')).code).toBe('too_many_requests')
    })
    expect(growth('refused_total{limit="ask"}')).toBe(1)
  })

  it('has no word of anybody in it', async () => {
    const { openai } = await startWithModel()
    const chatId = randomUUID()
    await say('My dog Archie is afraid of thunder.', { chatId })
    const text = await (await scrape()).text()
    expect(text).toContain('raggen_web_answers_total')
    for (const secret of [chatId, 'Archie', 'tiny', new URL(openai.origin).port]) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('/metrics can be read', () => {
  it.each([
    ['on this machine', HERE, 200],
    ['on this machine, over IPv6', { [CLIENT_HEADER]: '0:0:0:0::/64' }, 200],
    ['as Next fills in the address', { ...HERE, 'x-forwarded-for': '::ffff:127.0.0.1' }, 200],
    ['not from elsewhere', { [CLIENT_HEADER]: '203.0.113.7' }, 403],
    ['not through a proxy on this machine', { ...HERE, 'x-forwarded-for': '203.0.113.7' }, 403],
    ['not by saying so', { ...HERE, 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }, 403],
    ['not by nobody', {}, 403],
  ])('%s', async (_where, headers, status) => {
    await startRuntime()
    expect((await scrape(headers)).status).toBe(status)
  })

  it('with the token alone, where there is one', async () => {
    const token = 'a-token-of-some-length'
    await startRuntime({ RAGGEN_WEB_METRICS_TOKEN: token })
    const elsewhere = { [CLIENT_HEADER]: '203.0.113.7' }
    const sent = async (headers: Record<string, string>) => (await scrape(headers)).status
    expect(await sent({ ...elsewhere, authorization: `Bearer ${token}` })).toBe(200)
    expect(await sent({ ...elsewhere, authorization: 'Bearer another' })).toBe(401)
    expect(await sent(HERE)).toBe(401)
  })
})

it('/api/statistics says how raggen is, and how the last answer ended', async () => {
  const { openai, providerId } = await startWithModel()
  const ask = async () => {
    const response = await STATISTICS(new Request('http://127.0.0.1:3000/api/statistics'), NONE)
    return (await response.json()) as Record<string, unknown>
  }
  expect(await ask()).toMatchObject({ chats: 0, lastAnswer: null, breakerOpen: false })
  await say('What is my dog afraid of?')
  openai.behaviour = 'unauthorized'
  await say('What is my dog Archie afraid of?')
  expect(await ask()).toMatchObject({
    embed: { state: 'ready' },
    chats: 2,
    messages: 4,
    answersUnderWay: 0,
    lastAnswer: { provider: providerId, status: 'failed', errorCode: 'provider_unauthorized' },
  })
})
