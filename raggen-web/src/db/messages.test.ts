import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { tmpStore } from '../../test/tmp'

import type { Reception } from './messages'
import { openDatabase } from './open'

const START = new Date('2026-05-08T12:00:00Z')
const minutes = (n: number) => new Date(START.getTime() + n * 60_000)

function reception(change: Partial<Reception> = {}): Reception {
  return {
    chatId: 'chat-one',
    title: 'Title',
    messageId: randomUUID(),
    text: 'Hello.',
    trigger: 'submit',
    answer: { id: randomUUID(), provider: 'quotations', model: null, indexable: false },
    at: START,
    ...change,
  }
}

const ended = {
  text: 'Hi.',
  status: 'complete',
  errorCode: null,
  firstTokenMs: 1,
  totalMs: 2,
} as const

describe('messages', () => {
  it('number the chat without gaps, and a pause of more than 30 minutes starts a new session', async () => {
    const { messages, receipts, outbox } = tmpStore()
    const ids: string[] = []
    for (const at of [minutes(0), minutes(20), minutes(60)]) {
      const next = reception({ at })
      ids.push(next.messageId)
      await messages.receive(next)
      await receipts.close({ answerId: next.answer.id, ...ended, at })
    }
    expect((await messages.list('chat-one')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    const rows = await outbox.messages(ids)
    expect(rows.map(({ session }) => session).sort()).toEqual([1, 1, 2])
  })

  it('give the history before the question, oldest first', async () => {
    const { messages, receipts } = tmpStore()
    const first = reception({ text: 'One.' })
    await messages.receive(first)
    await receipts.close({ answerId: first.answer.id, ...ended, at: START })
    const received = await messages.receive(reception({ text: 'Two.' }))
    if (received.kind !== 'accepted') return expect.fail(received.kind)
    const { history, offBranchIds } = await messages.before(received.question)
    expect(history.map(({ text }) => text)).toEqual(['One.', 'Hi.'])
    expect(offBranchIds).toEqual([])
  })

  it('give what would stand before a question that is not there yet, and what would be elsewhere', async () => {
    const { messages, receipts } = tmpStore()
    const [first, second] = [reception({ text: 'One.' }), reception({ text: 'Two.' })]
    for (const each of [first, second]) {
      await messages.receive(each)
      await receipts.close({ answerId: each.answer.id, ...ended, at: START })
    }
    const { chatId } = first
    const read = async (parentId: string | null) => {
      const { history, older, offBranchIds } = await messages.before({ chatId, parentId })
      return { said: history.map(({ text }) => text), older, elsewhere: offBranchIds }
    }
    const end = await read(second.answer.id)
    expect(end).toEqual({ said: ['One.', 'Hi.', 'Two.', 'Hi.'], older: 0, elsewhere: [] })
    const middle = await read(first.answer.id)
    // Quotations are no memory, so only the questions could be recalled.
    expect(middle).toEqual({ said: ['One.', 'Hi.'], older: 0, elsewhere: [second.messageId] })
    const start = await read(null)
    expect(start.elsewhere).toEqual([first.messageId, second.messageId])
  })

  it('count what stands too far back to be read', async () => {
    const { messages, location } = tmpStore()
    const { write, close } = openDatabase(location)
    const rows = Array.from({ length: 1203 }, (_, at) => ({
      id: `m${at}`,
      chatId: 'long',
      seq: at + 1,
      session: 1,
      role: at % 2 === 0 ? 'user' : 'assistant',
      text: `${at}`,
      status: 'complete',
      indexable: true,
      parentId: at === 0 ? null : `m${at - 1}`,
      createdAt: START,
      updatedAt: START,
    }))
    await write(async (tx) => {
      await tx.chat.create({ data: { id: 'long', title: '', createdAt: START, updatedAt: START } })
      await tx.message.createMany({ data: rows })
    })
    await close()
    const { history, older } = await messages.before({ chatId: 'long', parentId: 'm1202' })
    expect([history.length, history[0]?.id, history.at(-1)?.id]).toEqual([1000, 'm203', 'm1202'])
    expect(older).toBe(203)
  })

  it('let a chat go on whose streaming answer lost its writer', async () => {
    const { messages } = tmpStore()
    const lost = reception()
    await messages.receive(lost)
    await expect(
      messages.receive(reception({ underWay: lost.answer.id, at: minutes(1) })),
    ).rejects.toMatchObject({ code: 'answer_in_progress' })
    await messages.receive(reception({ at: minutes(1) }))
    expect((await messages.find(lost.answer.id))?.status).toBe('interrupted')
  })

  it('turn stale streaming rows into interrupted ones, and leave the others', async () => {
    const store = tmpStore()
    const [cut, whole] = [reception(), reception({ chatId: 'chat-two' })]
    await store.messages.receive(cut)
    await store.messages.receive(whole)
    await store.messages.keepPartial(cut.answer.id, 'Half', START)
    await store.receipts.close({ answerId: whole.answer.id, ...ended, at: START })
    expect(await store.messages.interruptStale(minutes(1))).toBe(1)
    expect(await store.messages.find(cut.answer.id)).toMatchObject({
      status: 'interrupted',
      errorCode: 'interrupted',
      text: 'Half',
    })
    expect((await store.messages.find(whole.answer.id))?.status).toBe('complete')
    expect(await store.messages.keepPartial(cut.answer.id, 'Late', START)).toBe(false)
  })

  it('drop an answer without a word when it is asked for again, and keep one that had begun', async () => {
    const { messages, receipts } = tmpStore()
    const [empty, half] = [reception(), reception({ chatId: 'chat-two' })]
    for (const [asked, text] of [[empty, ''] as const, [half, 'Half'] as const]) {
      await messages.receive(asked)
      const failed = { ...ended, text, status: 'failed' as const, at: START }
      await receipts.close({ answerId: asked.answer.id, ...failed })
      const again = { ...asked.answer, id: randomUUID() }
      await messages.receive({ ...asked, trigger: 'retry', answer: again })
    }
    expect(await messages.find(empty.answer.id)).toBeNull()
    const kept = await messages.list('chat-two')
    expect(kept.map(({ text, parentId }) => [text, parentId])).toEqual([
      ['Hello.', null],
      ['Half', half.messageId],
      ['', half.messageId],
    ])
  })
})
