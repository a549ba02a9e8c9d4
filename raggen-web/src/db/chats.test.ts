import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { contextItem } from '../../test/context-item'
import { contentsOf, tmpStore } from '../../test/tmp'

import type { Location } from './location'
import { openDatabase } from './open'
import type { UsedItem } from './receipts'
import type { Store } from './store'

const AT = new Date('2026-05-08T12:00:00Z')
const SECRET = 'Archie "fears"\nthunder 🐕'

async function converse(store: Store, chatId: string, text: string, items: UsedItem[] = []) {
  const [messageId, answerId] = [randomUUID(), randomUUID()]
  const answer = { id: answerId, provider: 'p', model: 'm', indexable: true }
  await store.messages.receive({
    chatId,
    title: text,
    messageId,
    text,
    trigger: 'submit',
    answer,
    at: AT,
  })
  const prompt = items.map(({ promptText }) => promptText).join('\n\n')
  await store.receipts.open({
    answerId,
    provider: 'p',
    model: 'm',
    parameters: { temperature: 0.2 },
    messages: [{ role: 'user', content: `before\n${prompt}\nafter` }],
    promptTokens: 10,
    memory: { state: items.length > 0 ? 'used' : 'empty', items, tookMs: 3, earlier: null },
    createdAt: AT,
  })
  const outcome = { text: 'An answer.', status: 'complete', errorCode: null } as const
  await store.receipts.close({ answerId, ...outcome, firstTokenMs: 1, totalMs: 2, at: AT })
  return { messageId, answerId }
}

/** A chat of `count` messages, written past the store: through it, they would take minutes. */
async function writeLong(location: Location, chatId: string, count: number): Promise<void> {
  const database = openDatabase(location)
  const messages = Array.from({ length: count }, (_, n) => ({
    id: `${chatId}-${n + 1}`,
    chatId,
    seq: n + 1,
    session: 1,
    role: n % 2 === 0 ? 'user' : 'assistant',
    text: 'x',
    status: 'complete',
    indexable: true,
    parentId: n === 0 ? null : `${chatId}-${n}`,
    createdAt: AT,
    updatedAt: AT,
  }))
  await database.write(async (tx) => {
    const leafId = messages.at(-1)?.id
    await tx.chat.create({
      data: { id: chatId, title: 'Long', leafId, createdAt: AT, updatedAt: AT },
    })
    await tx.message.createMany({ data: messages })
    const state = { state: 'indexed', version: 1 }
    await tx.embedding.createMany({ data: messages.map(({ id }) => ({ messageId: id, ...state })) })
  })
  await database.close()
}

function used(chatId: string, messageId: string): UsedItem {
  const reasons = [{ kind: 'words' as const, terms: ['thunder'] }]
  const item = contextItem(1, SECRET, { chatId, messageId, reasons, included: true })
  return { ...item, promptText: `[1] Pets:\n${SECRET}` }
}

describe('chats', () => {
  it('are listed by their latest message, and renamed', async () => {
    const { chats, ...store } = tmpStore()
    await converse({ chats, ...store }, 'chat-one', 'One')
    await converse({ chats, ...store }, 'chat-two', 'Two')
    await chats.rename('chat-one', 'Новое имя')
    expect((await chats.list()).map(({ title }) => title).sort()).toEqual(['Two', 'Новое имя'])
    await expect(chats.rename('chat-none', 'x')).rejects.toMatchObject({ code: 'chat_not_found' })
  })

  it('are deleted with all that came of them, and raggen-embed is asked to forget', async () => {
    const store = tmpStore()
    const { messageId, answerId } = await converse(store, 'chat-one', SECRET)
    const kept = await converse(store, 'chat-two', 'Other')
    await store.chats.remove('chat-one', AT)
    expect(await store.chats.find('chat-one')).toBeNull()
    expect(await store.messages.list('chat-one')).toEqual([])
    expect(await store.receipts.find(answerId)).toBeNull()
    const rows = (await store.outbox.due(10, AT)).map(({ itemId, op, version }) => [
      itemId,
      op,
      version,
    ])
    expect(rows).toEqual([
      [kept.messageId, 'upsert', 1],
      [kept.answerId, 'upsert', 1],
      [messageId, 'delete', 2],
      [answerId, 'delete', 2],
    ])
    await expect(store.chats.remove('chat-one', AT)).rejects.toMatchObject({
      code: 'chat_not_found',
    })
  })

  it('leave no words of theirs in other chats or in the file', async () => {
    const store = tmpStore()
    const source = await converse(store, 'chat-one', SECRET)
    const quoting = await converse(store, 'chat-two', 'Question', [
      used('chat-one', source.messageId),
    ])
    const before = await store.receipts.find(quoting.answerId)
    expect(before?.memory.items[0]).toMatchObject({ chatId: 'chat-one', text: SECRET })
    await store.chats.remove('chat-one', AT)
    const after = await store.receipts.find(quoting.answerId)
    expect(after?.messages).toEqual([{ role: 'user', content: 'before\n[deleted]\nafter' }])
    expect(after?.memory.items).toMatchObject([
      { text: '', chatId: null, chatTitle: null, relevance: 0.9, reasons: [], highlights: [] },
    ])
    await store.close()
    expect(contentsOf(store.location).includes('fears')).toBe(false)
  })

  it('may have ten thousand messages: are read, go on and are deleted', async () => {
    const store = tmpStore()
    await writeLong(store.location, 'chat-long', 10_000)
    const { answerId } = await converse(store, 'chat-long', 'One more.')
    expect(await store.messages.list('chat-long')).toHaveLength(10_002)
    const shown = await store.messages.branch('chat-long', null)
    expect(shown).toHaveLength(10_002)
    expect(shown.at(-1)).toMatchObject({ id: answerId, siblings: { ids: [answerId], index: 0 } })
    expect([...(await store.receipts.memories({ chatId: 'chat-long' })).keys()]).toEqual([answerId])
    await store.chats.remove('chat-long', AT)
    expect(await store.outbox.pending(AT)).toMatchObject({ pending: 10_002 })
  }, 90_000)

  it('tell an answer whose chat is deleted meanwhile nothing worse than that it is gone', async () => {
    const store = tmpStore()
    const answer = { id: randomUUID(), provider: 'p', model: null, indexable: true }
    const reception = {
      chatId: 'chat-one',
      title: '',
      messageId: randomUUID(),
      text: 'x',
      trigger: 'submit' as const,
    }
    await store.messages.receive({ ...reception, answer, at: AT })
    await store.chats.remove('chat-one', AT)
    expect(await store.messages.keepPartial(answer.id, 'Half', AT)).toBe(false)
    const outcome = { text: 'Half', status: 'stopped', errorCode: null } as const
    await store.receipts.close({
      answerId: answer.id,
      ...outcome,
      firstTokenMs: 1,
      totalMs: 2,
      at: AT,
    })
    expect(await store.messages.find(answer.id)).toBeNull()
    expect(await store.outbox.due(10, AT)).toMatchObject([{ op: 'delete' }])
  })
})
