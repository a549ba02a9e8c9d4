import { afterEach, describe, expect, it, vi } from 'vitest'

import { createChatSession, sendTo } from './chat-session'

type Chunk = Record<string, unknown>

const START: Chunk = {
  type: 'start',
  messageId: 'a1',
  messageMetadata: { createdAt: '2026-11-23T09:00:00Z', status: 'streaming', provider: 'p' },
}
const TEXT: Chunk[] = [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: 'Half' },
]
const END: Chunk[] = [
  { type: 'text-end', id: 't' },
  { type: 'message-metadata', messageMetadata: { status: 'complete' } },
  { type: 'finish' },
]

/** An answer that sends these chunks and then ends, breaks, or goes on for ever. */
function answer(chunks: Chunk[], then: 'end' | 'break' | 'hang' = 'end'): Response {
  const encoder = new TextEncoder()
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      const chunk = chunks[sent++]
      if (chunk) controller.enqueue(encoder.encode(`data: ${JSON.stringify(chunk)}\n\n`))
      else if (then === 'end') controller.close()
      else if (then === 'break') controller.error(new TypeError('network error'))
      else return new Promise(() => {})
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
}

function open(respond: () => Promise<Response>) {
  const posted: unknown[] = []
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    posted.push(JSON.parse(String(init.body)))
    return respond()
  })
  const events = { onAccepted: vi.fn(), onFinished: vi.fn() }
  return { session: createChatSession('c1', [], events), posted, events }
}

const HELLO = { id: 'u1', text: 'Hello' }

afterEach(() => vi.unstubAllGlobals())

describe('sendTo', () => {
  it('posts the message alone and takes the status from the stream', async () => {
    const { session, posted, events } = open(() =>
      Promise.resolve(answer([START, ...TEXT, ...END])),
    )
    expect(await sendTo(session, HELLO)).toBeNull()
    expect(posted).toEqual([{ message: HELLO, trigger: 'submit' }])
    expect(events.onAccepted).toHaveBeenCalledExactlyOnceWith('c1')
    expect(session.lastMessage).toMatchObject({ id: 'a1', metadata: { status: 'complete' } })
  })

  it('takes back a message that the server refused', async () => {
    const { session, events } = open(() =>
      Promise.resolve(Response.json({ error: { code: 'text_too_long' } }, { status: 413 })),
    )
    expect(await sendTo(session, HELLO)).toMatchObject({ code: 'text_too_long', status: 413 })
    expect(session.messages).toEqual([])
    expect(session.status).toBe('ready')
    expect(events.onAccepted).not.toHaveBeenCalled()
  })

  it('takes back a message that did not reach the server', async () => {
    const { session } = open(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(await sendTo(session, HELLO)).toMatchObject({ code: 'network' })
    expect(session.messages).toEqual([])
  })

  it('asks again for the same message on a retry', async () => {
    const { session, posted } = open(() => Promise.resolve(answer([START, ...TEXT, ...END])))
    await sendTo(session, HELLO)
    await session.regenerate()
    expect(posted[1]).toEqual({ message: HELLO, trigger: 'retry' })
    expect(session.messages).toHaveLength(2)
  })
})

describe('an answer that was cut', () => {
  const statusAfter = async (respond: () => Promise<Response>) => {
    const { session } = open(respond)
    await sendTo(session, HELLO)
    expect(session.lastMessage?.parts).toMatchObject([{ type: 'text', text: 'Half' }])
    return session.lastMessage?.metadata?.status
  }

  it('by a server that went away may still be written there: it has to be asked', async () => {
    expect(await statusAfter(() => Promise.resolve(answer([START, ...TEXT], 'break')))).toBe(
      'streaming',
    )
    expect(await statusAfter(() => Promise.resolve(answer([START, ...TEXT], 'end')))).toBe(
      'streaming',
    )
  })

  it('by the person is stopped, and keeps what had come', async () => {
    const { session } = open(() => Promise.resolve(answer([START, ...TEXT], 'hang')))
    const sent = sendTo(session, HELLO)
    await vi.waitFor(() => expect(session.lastMessage?.parts).toMatchObject([{ text: 'Half' }]))
    await session.stop()
    await sent
    expect(session.lastMessage).toMatchObject({ id: 'a1', metadata: { status: 'stopped' } })
  })
})
