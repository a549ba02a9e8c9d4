import { setImmediate } from 'node:timers/promises'

import { expect, it } from 'vitest'

import type { AnswerChunk, ChatStream } from './answer-log'
import { createAnswersInFlight } from './in-flight'

/** An answer that ends soon after it is told to; `kept` resolves it. */
function endless() {
  const { promise: kept, resolve: keep } = Promise.withResolvers<void>()
  let signal: AbortSignal | undefined
  const write = (given: AbortSignal): ChatStream => {
    signal = given
    return new ReadableStream<AnswerChunk>({
      async start(controller) {
        controller.enqueue({ type: 'start', messageId: 'a' })
        await kept
        controller.close()
      },
    })
  }
  return { write, keep, reason: () => signal?.reason as unknown }
}

const one = { chatId: 'chat-one', id: 'answer-one' }
const two = { chatId: 'chat-two', id: 'answer-two' }

it('writes an answer to its end though nobody listens, and then has none', async () => {
  const inFlight = createAnswersInFlight()
  const answer = endless()
  await inFlight.begin(one, answer.write).cancel()
  expect(inFlight.underWay('chat-one')).toBe('answer-one')
  expect(inFlight.listen('chat-two')).toBeNull()
  answer.keep()
  await setImmediate()
  expect([inFlight.underWay('chat-one'), inFlight.listen('chat-one')]).toEqual([null, null])
})

it('stops the answer of one chat, kept before it resolves, and settles no other', async () => {
  const inFlight = createAnswersInFlight()
  const [first, second] = [endless(), endless()]
  inFlight.begin(one, first.write)
  inFlight.begin(two, second.write)
  await inFlight.settled('chat-one') // Under way, but nobody ended it: no reason to wait.
  let settled = false
  const stopping = inFlight.stop('chat-one')
  const waiting = inFlight.settled('chat-one').then(() => (settled = true))
  await inFlight.settled('chat-two')
  expect([first.reason(), second.reason(), settled]).toEqual(['stopped', undefined, false])
  first.keep()
  await Promise.all([stopping, waiting])
  await inFlight.stop('chat-one')
})

it('interrupts all, and what begins afterwards', async () => {
  const inFlight = createAnswersInFlight()
  const [first, late] = [endless(), endless()]
  inFlight.begin(one, first.write)
  const all = inFlight.interruptAll()
  expect(first.reason()).toBe('interrupted')
  first.keep()
  await all
  inFlight.begin(two, late.write)
  expect(late.reason()).toBe('interrupted')
})

it('is awaited from a question until the first word of its answer, or its end', async () => {
  const inFlight = createAnswersInFlight()
  const { promise: received, resolve: receive } = Promise.withResolvers<void>()
  const turn = inFlight.turn('chat-one', () => received)
  const seen = [inFlight.isAwaited()]
  receive()
  await turn
  await setImmediate()
  seen.push(inFlight.isAwaited())
  const words = Promise.withResolvers<void>()
  const speaking = new ReadableStream<AnswerChunk>({
    async start(controller) {
      controller.enqueue({ type: 'start', messageId: 'a' })
      await words.promise
      controller.enqueue({ type: 'text-delta', id: 'text', delta: 'Yes' })
    },
  })
  const silent = endless()
  inFlight.begin(one, () => speaking)
  inFlight.begin(two, silent.write)
  words.resolve()
  await setImmediate()
  seen.push(inFlight.isAwaited())
  silent.keep()
  await setImmediate()
  seen.push(inFlight.isAwaited())
  expect(seen).toEqual([true, false, true, false])
  expect(inFlight.underWay('chat-one')).toBe('answer-one')
})

it('lets one request at a time into a chat, in order, and a failed one stops nobody', async () => {
  const inFlight = createAnswersInFlight()
  const seen: string[] = []
  const work =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} in`)
      await setImmediate()
      seen.push(`${name} out`)
      if (fails) throw new Error(name)
      return name
    }
  const results = await Promise.allSettled([
    inFlight.turn('chat-one', work('a', true)),
    inFlight.turn('chat-one', work('b')),
    inFlight.turn('chat-two', work('c')),
  ])
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
  expect(seen.filter((line) => !line.startsWith('c'))).toEqual(['a in', 'a out', 'b in', 'b out'])
  expect(seen.indexOf('c in')).toBeLessThan(seen.indexOf('a out'))
})
