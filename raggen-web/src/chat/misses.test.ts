import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../test/chat'
import { startEmbedServer } from '../../test/embed-server'
import { memory as governed } from '../../test/memory'
import { until } from '../../test/until'

import type { ContextItem } from './message'

import { GET } from '@/app/api/messages/[messageId]/misses/route'

async function start() {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  const remember = async (...texts: string[]) => {
    const ids = texts.map(() => randomUUID())
    for (const [at, text] of texts.entries()) await say(text, { messageId: ids[at] })
    await until(
      'the outbox is empty',
      async () => (await runtime.store.outbox.pending(new Date())).pending === 0,
    )
    return ids
  }
  return { embed, runtime, remember }
}

async function misses(messageId: string) {
  const response = await GET(new Request('http://127.0.0.1:3000/'), {
    params: Promise.resolve({ messageId }),
  })
  const body = (await response.json()) as { items?: ContextItem[]; error?: { code: string } }
  return {
    status: response.status,
    code: body.error?.code,
    texts: body.items?.map(({ text }) => text),
  }
}

const FACTS = [
  'One fact.',
  'Two facts.',
  'Three facts.',
  'Four facts.',
  'Five facts.',
  'Six facts.',
]

describe('the nearest misses', () => {
  it('are what came closest to a question that found nothing: at most five', async () => {
    const { embed, remember } = await start()
    await remember(...FACTS)
    const { memory, messageId } = await say('Where is bread sold?')
    expect(memory?.state).toBe('nothing-relevant')
    const { status, texts } = await misses(messageId)
    expect(status).toBe(200)
    expect(texts).toHaveLength(5)
    expect(FACTS).toEqual(expect.arrayContaining(texts!))
    expect(embed.requests.at(-1)?.body).toMatchObject({ min_relevance: 0 })
  })

  it('are neither what the answer stood on, nor what was said later, nor what is excluded', async () => {
    const { remember } = await start()
    const [excluded] = await remember(
      'Cakes are expensive.',
      'Bread is sold at the baker.',
      'Cats sleep.',
    )
    await governed.change(excluded!, { excluded: true })
    const { memory, messageId } = await say('Where is bread sold?')
    expect(memory?.items.map(({ text }) => text)).toEqual(['Bread is sold at the baker.'])
    await remember('Bread and butter, said later.')
    expect((await misses(messageId)).texts).toEqual(['Cats sleep.'])
  })

  it('are unknown while raggen-embed does not answer, and of what is no answer', async () => {
    const { embed, runtime, remember } = await start()
    const [question] = await remember('Cats sleep.')
    const { messageId } = await say('Where is bread sold?')
    await runtime.indexer.stop()
    embed.failures = 9
    expect(await misses(messageId)).toMatchObject({ status: 503, code: 'memory_unavailable' })
    expect(await misses(question!)).toMatchObject({ status: 404, code: 'message_not_found' })
    expect(await misses(randomUUID())).toMatchObject({ status: 404, code: 'message_not_found' })
  })
})
