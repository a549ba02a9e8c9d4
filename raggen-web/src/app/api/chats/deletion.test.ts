import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say, startRuntime } from '../../../../test/chat'
import { startEmbedServer } from '../../../../test/embed-server'
import { startWithModel } from '../../../../test/model'
import { until } from '../../../../test/until'

import { POST as RESTORE } from './[chatId]/restore/route'
import { DELETE, GET, PATCH } from './[chatId]/route'
import { GET as list } from './route'

import type { ChatSummary } from '@/chat/history'
import { createRuntime, type Runtime } from '@/runtime'

const context = (chatId: string) => ({ params: Promise.resolve({ chatId }) })
const request = new Request('http://127.0.0.1:3000/')
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

const remove = (chatId: string) => DELETE(request, context(chatId))
const restore = (chatId: string) => RESTORE(request, context(chatId))
const undoIsOver = () => new Date(Date.now() + 21_000)

async function listed(): Promise<string[]> {
  const response = await list(request, { params: Promise.resolve({}) })
  return ((await response.json()) as { chats: ChatSummary[] }).chats.map(({ id }) => id)
}

async function startRemembering() {
  const embed = await startEmbedServer()
  const runtime = await startRuntime({ RAGGEN_WEB_EMBED_URL: embed.url })
  const chatId = randomUUID()
  await say('My dog is afraid of thunder.', { chatId })
  await until('indexed', () => embed.items.size === 1)
  return { embed, runtime, chatId }
}

async function answerIn(runtime: Runtime, chatId: string) {
  return (await runtime.store.messages.list(chatId)).at(-1)
}

describe('a deleted chat', () => {
  it('is hidden and not recalled at once, and erased when its deletion is final', async () => {
    const { embed, runtime, chatId } = await startRemembering()
    expect((await remove(chatId)).status).toBe(204)
    expect(await listed()).toEqual([])
    expect(await codeOf(await GET(request, context(chatId)))).toBe('chat_not_found')
    expect(await codeOf(await remove(chatId))).toBe('chat_not_found')
    const title = new Request('http://127.0.0.1:3000/', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"title":"Back"}',
    })
    expect(await codeOf(await PATCH(title, context(chatId)))).toBe('chat_not_found')
    expect((await say('What is my dog afraid of?')).memory?.items).toEqual([])
    await runtime.sweeper.sweep(new Date())
    expect(await runtime.store.messages.list(chatId)).toHaveLength(2)
    await runtime.sweeper.sweep(undoIsOver())
    await until('forgotten', () => ![...embed.items.values()].some(isOf(chatId)))
    expect(await runtime.store.messages.list(chatId)).toEqual([])
  })

  it('comes back whole, and is recalled again', async () => {
    const { runtime, chatId } = await startRemembering()
    await remove(chatId)
    const restored = await restore(chatId)
    expect(await restored.json()).toMatchObject({ chat: { id: chatId } })
    expect((await restore(chatId)).status).toBe(200) // Twice is harmless.
    await runtime.sweeper.sweep(undoIsOver())
    expect(await listed()).toEqual([chatId])
    expect((await say('What is my dog afraid of?')).memory?.items).toHaveLength(1)
  })

  it('takes no message, before and after it is erased, and cannot be brought back then', async () => {
    const { runtime, chatId } = await startRemembering()
    await remove(chatId)
    expect(await say('Still here?', { chatId })).toMatchObject({
      status: 410,
      code: 'chat_deleted',
    })
    await runtime.sweeper.sweep(undoIsOver())
    expect(await say('And now?', { chatId })).toMatchObject({ status: 410, code: 'chat_deleted' })
    expect((await restore(chatId)).status).toBe(410)
    expect((await restore(randomUUID())).status).toBe(404)
    expect(await listed()).toEqual([])
  })

  it('is erased at the next start when nothing ran meanwhile', async () => {
    const { runtime, chatId } = await startRemembering()
    await runtime.store.chats.hide(chatId, new Date(Date.now() - 60_000))
    await runtime.close()
    const next = await createRuntime(runtime.env, runtime.log)
    expect(await next.store.messages.list(chatId)).toEqual([])
    await next.close()
  })

  it('ends its answer, and keeps what had come for who takes it back', async () => {
    const { openai, runtime } = await startWithModel()
    openai.behaviour = 'endless'
    const chatId = randomUUID()
    let deleting: Promise<Response> | undefined
    const answered = await say('What is my dog afraid of?', {
      chatId,
      onChunk: (chunk) => void (chunk.type === 'text-delta' && (deleting ??= remove(chatId))),
    })
    expect((await deleting)?.status).toBe(204)
    expect(answered.metadata).toMatchObject({ status: 'stopped' })
    await restore(chatId)
    expect(await answerIn(runtime, chatId)).toMatchObject({ status: 'stopped' })
    expect((await answerIn(runtime, chatId))?.text).toContain('Archie')
  })

  it('beats a message that is posted at the same moment, or loses to it, but never both', async () => {
    const { runtime, chatId } = await startRemembering()
    const [deleted, said] = await Promise.all([remove(chatId), say('One more.', { chatId })])
    expect(deleted.status).toBe(204)
    expect([200, 410]).toContain(said.status)
    await runtime.sweeper.sweep(undoIsOver())
    expect(await listed()).toEqual([])
    expect(await runtime.store.messages.list(chatId)).toEqual([])
  })
})

function isOf(chatId: string) {
  return ({ conversation }: { conversation?: string | null }) => conversation === chatId
}
