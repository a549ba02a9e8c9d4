import { setTimeout as sleep } from 'node:timers/promises'

import { describe, expect, it } from 'vitest'

import { streamAnswer } from './stream'

import type { AnswerStream } from '@/llm/answerer'

/** Says 'Half ', then nothing for ever, whatever its signal says. */
async function* deaf(): AnswerStream {
  yield 'Half '
  await new Promise(() => {})
  return { errorCode: null }
}

const nothing = { onDelta: () => {}, keepPartial: () => Promise.resolve() }
const never = new AbortController().signal

describe('streamAnswer', () => {
  it('gives up on a provider that falls silent, keeps what came, and aborts its request', async () => {
    let provider: AbortSignal | undefined
    const outcome = await streamAnswer({
      ...nothing,
      start: (signal) => {
        provider = signal
        return deaf()
      },
      silenceMs: 50,
      signal: never,
    })
    expect(outcome).toMatchObject({
      text: 'Half ',
      status: 'failed',
      errorCode: 'provider_stalled',
    })
    expect(provider?.aborted).toBe(true)
  })

  it('cuts a model that never ends, and ends its request', async () => {
    let provider: AbortSignal | undefined
    async function* endless(): AnswerStream {
      for (;;) yield await Promise.resolve('and so on '.repeat(1_000))
    }
    const outcome = await streamAnswer({
      ...nothing,
      start: (signal) => {
        provider = signal
        return endless()
      },
      silenceMs: 5_000,
      signal: never,
    })
    expect(outcome).toMatchObject({ status: 'complete', errorCode: 'provider_length' })
    expect(outcome.text).toHaveLength(200_000)
    expect(provider?.aborted).toBe(true)
  })

  it('keeps no half characters and no NUL', async () => {
    async function* broken(): AnswerStream {
      yield await Promise.resolve('a\ud83d')
      yield '\udc15b\0c\ud800'
      return { errorCode: null }
    }
    const outcome = await streamAnswer({
      ...nothing,
      start: broken,
      silenceMs: 5_000,
      signal: never,
    })
    expect(outcome.text).toBe('a🐕bc\ufffd')
  })

  it('counts empty pieces as signs of life', async () => {
    async function* thinking(): AnswerStream {
      for (let i = 0; i < 5; i += 1) {
        await sleep(30)
        yield ''
      }
      yield 'Done.'
      return { errorCode: null }
    }
    const outcome = await streamAnswer({
      ...nothing,
      start: thinking,
      silenceMs: 100,
      signal: never,
    })
    expect(outcome).toMatchObject({ text: 'Done.', status: 'complete', errorCode: null })
    expect(outcome.firstTokenMs).toBeGreaterThanOrEqual(140)
  })

  it('ends at once when stopped, even by a provider that does not listen', async () => {
    const stop = new AbortController()
    const answering = streamAnswer({
      ...nothing,
      start: deaf,
      silenceMs: 60_000,
      signal: stop.signal,
    })
    setTimeout(() => stop.abort('stopped'), 20)
    expect(await answering).toMatchObject({ text: 'Half ', status: 'stopped', errorCode: null })
  })

  it('asks nobody when it was stopped before it began', async () => {
    const outcome = await streamAnswer({
      ...nothing,
      start: deaf,
      silenceMs: 60_000,
      signal: AbortSignal.abort('interrupted'),
    })
    expect(outcome).toMatchObject({ text: '', status: 'interrupted', errorCode: 'interrupted' })
  })

  it('survives a database that cannot keep the partial text', async () => {
    async function* slow(): AnswerStream {
      for (const piece of ['a', 'b', 'c']) {
        await sleep(600)
        yield piece
      }
      return { errorCode: null }
    }
    let tries = 0
    const outcome = await streamAnswer({
      onDelta: () => {},
      keepPartial: () => {
        tries += 1
        return Promise.reject(new Error('disk full'))
      },
      start: slow,
      silenceMs: 60_000,
      signal: never,
    })
    expect(outcome).toMatchObject({ text: 'abc', status: 'complete' })
    expect(tries).toBeGreaterThan(0)
  })
})
