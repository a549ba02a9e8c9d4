import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { say, startRuntime, stop } from '../../test/chat'
import { startEmbedServer } from '../../test/embed-server'
import { MODEL_KEY as KEY, startWithModel } from '../../test/model'
import type { Behaviour } from '../../test/openai-server'
import { ON_POSTGRES, pathOf, tmpFolder } from '../../test/tmp'
import { until } from '../../test/until'

import { createRuntime, type Runtime } from '@/runtime'

async function indexed(runtime: Runtime): Promise<void> {
  await until(
    'the outbox is empty',
    async () => (await runtime.store.outbox.pending(new Date())).pending === 0,
  )
}

async function storedAnswer(runtime: Runtime, chatId: string) {
  return (await runtime.store.messages.list(chatId)).find(({ role }) => role === 'assistant')
}

describe('quotations', () => {
  it('quote what was said in another chat, with its source', async () => {
    const embed = await startEmbedServer()
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const first = await say('My dog is called Archie, he is afraid of thunder.')
    expect(first.memory?.state).toBe('empty')
    expect(first.text).toContain('Memory is still empty')
    await indexed(runtime)

    const second = await say('What is my dog afraid of?')
    expect(second.metadata?.status).toBe('complete')
    expect(second.memory).toMatchObject({ state: 'used', items: [{ rank: 1, included: true }] })
    expect(second.text).toMatch(/^> My dog is called Archie, he is afraid of thunder\.$/m)
    expect(second.text).toMatch(/^— you, \d+ \w+ \d{4}, “My dog is called Archie.*” \[1\]$/m)
    const types = second.chunks.map(({ type }) => type)
    expect(types.indexOf('data-memory')).toBeLessThan(types.indexOf('text-delta'))
  })

  it('speak the language of the question, say when nothing is relevant, and are never indexed', async () => {
    const embed = await startEmbedServer()
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await say('Собаку зовут Арчи, он боится грозы. 🐕')
    await indexed(runtime)
    const known = await say('Чего боится собака?')
    expect(known.text).toContain('> Собаку зовут Арчи, он боится грозы. 🐕')
    const unknown = await say('Сколько стоит хлеб?')
    expect(unknown.memory?.state).toBe('nothing-relevant')
    expect(unknown.text).toContain('В памяти нет ничего подходящего')
    await indexed(runtime)
    expect([...embed.items.values()].map(({ speaker }) => speaker)).toEqual([
      'user',
      'user',
      'user',
    ])
  })

  it('answer without memory when raggen-embed is down, and what was said is indexed when it returns', async () => {
    const embed = await startEmbedServer()
    embed.failures = 4
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    const answered = await say('My dog is called Archie.')
    expect(answered).toMatchObject({ status: 200, memory: { state: 'unavailable', items: [] } })
    expect(answered.text).toContain('memory service is not answering')
    await indexed(runtime)
    expect(embed.items.size).toBe(1)
  })

  it('wait for a slow raggen-embed no longer than the deadline', async () => {
    const embed = await startEmbedServer()
    embed.delayMs = 5_000
    await startRuntime({
      RAGGEN_WEB_EMBED_URL: embed.url,
      RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS: '200',
    })
    const startedAt = performance.now()
    const answered = await say('What is my dog afraid of?')
    expect(answered.memory?.state).toBe('unavailable')
    expect(performance.now() - startedAt).toBeLessThan(1_200)
  })

  it('ask once more after a 503, and pass the request id on', async () => {
    const embed = await startEmbedServer()
    Object.assign(embed, { status: 503, failures: 1 })
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await runtime.indexer.stop()
    const answered = await say('What is my dog afraid of?')
    expect(answered.memory?.state).toBe('empty')
    const searches = embed.requests.filter(({ url }) => url === '/api/v1/search')
    expect(searches).toHaveLength(2)
    const [line] = runtime.lines.filter((text) => text.includes('"answered"'))
    expect(line).toContain(searches[0]?.requestId)
  })

  it('drop items that only repeat the question, and items of deleted chats', async () => {
    const embed = await startEmbedServer()
    const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
    await say('What is my dog afraid of?')
    const chatId = randomUUID()
    await say('My dog is afraid of thunder.', { chatId })
    await indexed(runtime)
    await runtime.indexer.stop() // So that raggen-embed does not hear of the deletion.
    await runtime.store.chats.remove(chatId, new Date())
    const answered = await say('what is my DOG afraid of?')
    expect(answered.memory).toMatchObject({ state: 'nothing-relevant', items: [] })
  })
})

describe('a model', () => {
  it('gets memory in its prompt, and the receipt holds exactly what it got', async () => {
    const { embed, openai, runtime, providerId } = await startWithModel()
    await say('My dog is called Archie, he is afraid of thunder.')
    await indexed(runtime)
    const answered = await say('What is my dog afraid of?')
    expect(answered.text).toBe('Archie is afraid of thunder.')
    expect(answered.metadata).toMatchObject({
      status: 'complete',
      provider: providerId,
      model: 'tiny',
    })
    const [sent] = openai.completions.slice(-1)
    expect(sent?.messages.at(-1)?.content).toContain(
      'My dog is called Archie, he is afraid of thunder.',
    )
    expect(sent?.stream_options).toEqual({ include_usage: true })
    const receipt = await runtime.store.receipts.find(answered.messageId)
    expect(receipt?.messages).toEqual(sent?.messages)
    expect(receipt?.memory.items[0]).toMatchObject({
      included: true,
      chatTitle: expect.any(String) as string,
    })
    await indexed(runtime)
    expect(embed.items.get(answered.messageId)).toMatchObject({ speaker: 'assistant', seq: 2 })
  })

  it('gets the earlier turns, and memory does not repeat them', async () => {
    const { openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    await say('My dog Archie is afraid of thunder.', { chatId })
    await indexed(runtime)
    const answered = await say('What is my dog afraid of?', { chatId })
    expect(answered.memory?.items).toEqual([])
    expect(openai.completions.at(-1)?.messages.map(({ role }) => role)).toEqual([
      'system',
      'user',
      'assistant',
      'user',
    ])
  })

  const failures: [Behaviour, string, string][] = [
    ['unauthorized', 'provider_unauthorized', ''],
    ['model-missing', 'provider_model_missing', ''],
    ['too-long', 'provider_too_long', ''],
    ['rate-limited', 'provider_rate_limited', ''],
    ['quota', 'provider_quota', ''],
    ['broken', 'provider_error', ''],
    ['empty', 'provider_empty', ''],
    ['close-half-way', 'provider_cut_off', 'Archie '],
    ['error-in-stream', 'provider_error', 'Archie '],
    ['no-end', 'provider_cut_off', 'Archie is afraid of thunder.'],
    ['content-filter', 'provider_content_filter', 'Archie is afraid of thunder.'],
  ]
  it.each(failures)(
    'that fails (%s) leaves %s and what had come',
    async (behaviour, code, text) => {
      const { openai, runtime } = await startWithModel()
      openai.behaviour = behaviour
      const chatId = randomUUID()
      const answered = await say('What is my dog afraid of?', { chatId })
      expect(answered).toMatchObject({
        status: 200,
        text,
        metadata: { status: 'failed', errorCode: code },
      })
      expect(await storedAnswer(runtime, chatId)).toMatchObject({
        status: 'failed',
        errorCode: code,
        text,
      })
      expect(JSON.stringify(answered.chunks) + runtime.lines.join('')).not.toContain(KEY)
      expect(JSON.stringify(openai.completions)).not.toContain(KEY)
    },
  )

  const reservations: [Behaviour, string][] = [
    ['no-finish-reason', 'provider_no_finish_reason'],
    ['length', 'provider_length'],
  ]
  it.each(reservations)(
    'whose whole answer has a reservation (%s) completes with %s',
    async (behaviour, errorCode) => {
      const { openai } = await startWithModel()
      openai.behaviour = behaviour
      const answered = await say('What is my dog afraid of?')
      expect(answered).toMatchObject({
        text: 'Archie is afraid of thunder.',
        metadata: { status: 'complete', errorCode },
      })
    },
  )

  it('that is not there is unreachable', async () => {
    const { openai } = await startWithModel()
    await openai.close()
    const answered = await say('What is my dog afraid of?')
    expect(answered.metadata).toMatchObject({ status: 'failed', errorCode: 'provider_unreachable' })
  })

  it('is stopped by the stop button, and what had come is kept', async () => {
    const { openai, runtime, embed } = await startWithModel()
    openai.behaviour = 'endless'
    const chatId = randomUUID()
    let seen = ''
    const stopped = await say('What is my dog afraid of?', {
      chatId,
      onChunk(chunk) {
        if (chunk.type === 'text-delta') seen += chunk.delta
        if (seen.length > 20) void stop(chatId)
      },
    })
    expect(stopped.metadata).toMatchObject({ status: 'stopped' })
    const kept = await storedAnswer(runtime, chatId)
    expect(kept).toMatchObject({ status: 'stopped', errorCode: null })
    expect(kept?.text).toContain('Archie and and')
    await until('the provider was told', () => openai.aborted === 1)
    await indexed(runtime)
    expect(embed.items.get(kept?.id ?? '')?.text).toBe(kept?.text)
  })

  it.skipIf(ON_POSTGRES)(
    'keeps the text about once a second, and a crash leaves it as interrupted',
    async () => {
      const { openai, runtime } = await startWithModel()
      openai.behaviour = 'endless'
      const chatId = randomUUID()
      const answering = say('What is my dog afraid of?', { chatId })
      await until('a part was kept', async () =>
        Boolean((await storedAnswer(runtime, chatId))?.text.startsWith('Archie ')),
      )
      // What lies on the disk now is what a kill -9 would leave.
      const left = join(tmpFolder(), 'raggen.db')
      for (const end of ['', '-wal'])
        copyFileSync(`${pathOf(runtime.env.database)}${end}`, `${left}${end}`)
      const next = await createRuntime(
        { ...runtime.env, database: { kind: 'sqlite', path: left } },
        runtime.log,
      )
      const found = await storedAnswer(next, chatId)
      await next.close()
      expect(found).toMatchObject({ status: 'interrupted', errorCode: 'interrupted' })
      expect(found?.text).toMatch(/^Archie and/)
      expect((await runtime.store.receipts.find(found?.id ?? ''))?.messages).toHaveLength(2)
      await stop(chatId)
      await answering
    },
  )

  it('is interrupted when the server stops', async () => {
    const { openai, runtime } = await startWithModel()
    openai.behaviour = 'endless'
    const chatId = randomUUID()
    const answered = await say('What is my dog afraid of?', {
      chatId,
      onChunk: (chunk) => void (chunk.type === 'text-delta' && runtime.inFlight.interruptAll()),
    })
    expect(answered.metadata).toMatchObject({ status: 'interrupted', errorCode: 'interrupted' })
    expect((await storedAnswer(runtime, chatId))?.text).toContain('Archie')
  })

  it('is not asked when its selection is gone: quotations answer', async () => {
    const { runtime, providerId } = await startWithModel()
    await runtime.store.providers.remove(providerId)
    const answered = await say('What is my dog afraid of?')
    expect(answered.metadata).toMatchObject({ provider: 'quotations', status: 'complete' })
  })
})
