import { expect, it } from 'vitest'

import { createAnswersInFlight } from './in-flight'

const browser = () => new AbortController()

it('ends an answer when its browser leaves, and lets the chat go on once it was kept', async () => {
  const inFlight = createAnswersInFlight()
  const leaving = browser()
  const answer = inFlight.begin('chat-one', leaving.signal)
  await inFlight.settled('chat-one') // Under way, but nobody ended it: no reason to wait.
  leaving.abort()
  expect(answer.signal.reason).toBe('stopped')
  let settled = false
  const waiting = inFlight.settled('chat-one').then(() => (settled = true))
  await inFlight.settled('chat-two')
  expect(settled).toBe(false)
  answer.done()
  await waiting
})

it('ends the answers of one chat, or all, each kept before it resolves', async () => {
  const inFlight = createAnswersInFlight()
  const [one, two] = [
    inFlight.begin('chat-one', browser().signal),
    inFlight.begin('chat-two', browser().signal),
  ]
  inFlight.stop('chat-one')
  expect([one.signal.aborted, two.signal.aborted]).toEqual([true, false])
  const all = inFlight.interruptAll()
  expect(two.signal.reason).toBe('interrupted')
  expect(one.signal.reason).toBe('stopped')
  one.done()
  two.done()
  await all
})

it('ends at once what begins for a browser that has left', () => {
  const leaving = browser()
  leaving.abort()
  expect(createAnswersInFlight().begin('chat-one', leaving.signal).signal.aborted).toBe(true)
})
