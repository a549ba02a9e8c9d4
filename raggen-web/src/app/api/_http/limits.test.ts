import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say, startRuntime, stop } from '../../../../test/chat'
import { startWithModel } from '../../../../test/model'
import { until } from '../../../../test/until'

import { POST as ASK } from '@/app/api/chats/[chatId]/messages/route'
import { GET as LIST } from '@/app/api/chats/route'
import { POST as SEARCH } from '@/app/api/search/route'
import { PUT as CHOOSE } from '@/app/api/settings/route'
import { DEFAULTS } from '@/chat/settings'
import { CLIENT_HEADER } from '@/limits/client'

const NONE = { params: Promise.resolve({}) }

/** Asks in a new chat, as this client; the stream is not waited for. */
async function askAs(client: string, chatId = randomUUID()): Promise<Response> {
  const message = { id: randomUUID(), text: 'What is my dog afraid of?' }
  const request = jsonRequest(`/api/chats/${chatId}/messages`, 'POST', { message })
  request.headers.set(CLIENT_HEADER, client)
  return ASK(request, { params: Promise.resolve({ chatId }) })
}

const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string } }).error.code

describe('request limits', () => {
  it('refuse a question too many, say when to come back, and store nothing of it', async () => {
    const { store } = await startRuntime({ RAGGEN_WEB_LIMIT_ASK: '2/30' })
    for (let n = 0; n < 2; n += 1) await (await askAs('10.0.0.1')).text()
    const chatId = randomUUID()
    const refused = await askAs('10.0.0.1', chatId)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('cache-control')).toBe('no-store')
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(25)
    expect(seconds).toBeLessThanOrEqual(30)
    expect(await refused.json()).toMatchObject({
      error: { code: 'too_many_requests', detail: { seconds } },
    })
    expect(await store.chats.find(chatId)).toBeNull()
    expect((await askAs('10.0.0.2', chatId)).status).toBe(200)
  })

  it('let in again when the time is over', async () => {
    await startRuntime({ RAGGEN_WEB_LIMIT_ASK: '1/1' })
    expect((await askAs('10.0.0.1')).status).toBe(200)
    expect((await askAs('10.0.0.1')).status).toBe(429)
    await until('the time is over', async () => (await askAs('10.0.0.1')).status === 200)
  })

  it('count reading, writing and heavy work apart', async () => {
    await startRuntime({
      RAGGEN_WEB_LIMIT_READ: '1',
      RAGGEN_WEB_LIMIT_WRITE: '1',
      RAGGEN_WEB_LIMIT_HEAVY: '1',
    })
    const read = () => LIST(new Request('http://127.0.0.1:3000/api/chats'), NONE)
    const write = () => CHOOSE(jsonRequest('/api/settings', 'PUT', DEFAULTS), NONE)
    const search = () => SEARCH(jsonRequest('/api/search', 'POST', { text: 'dog' }), NONE)
    for (const ask of [read, write, search]) expect((await ask()).status).toBe(200)
    for (const ask of [read, write, search]) {
      const refused = await ask()
      expect([refused.status, await codeOf(refused)]).toEqual([429, 'too_many_requests'])
    }
    expect((await askAs('unknown')).status).toBe(200)
  })
})

describe('answers under way', () => {
  it('are bounded for each client and in all; one that ends makes room', async () => {
    const { openai, runtime } = await startWithModel({
      RAGGEN_WEB_ANSWERS_PER_CLIENT: '2',
      RAGGEN_WEB_ANSWERS: '3',
    })
    openai.behaviour = 'endless'
    const chats = [randomUUID(), randomUUID(), randomUUID()] as const
    expect((await askAs('10.0.0.1', chats[0])).status).toBe(200)
    expect((await askAs('10.0.0.1', chats[1])).status).toBe(200)
    const own = await askAs('10.0.0.1')
    expect([own.status, own.headers.get('retry-after')]).toEqual([429, '5'])
    expect(await codeOf(own)).toBe('too_many_answers')

    expect((await askAs('10.0.0.2', chats[2])).status).toBe(200)
    const inAll = await askAs('10.0.0.3')
    expect([inAll.status, await codeOf(inAll)]).toEqual([429, 'too_many_answers'])
    expect(await runtime.store.chats.list()).toHaveLength(3)

    await stop(chats[0])
    expect((await askAs('10.0.0.3')).status).toBe(200)
    expect((await askAs('10.0.0.1')).status).toBe(429)
  })

  it('are told again where there is no room: a message that came before needs none', async () => {
    const { openai, runtime } = await startWithModel({ RAGGEN_WEB_ANSWERS_PER_CLIENT: '1' })
    const asked = 'What is my dog afraid of?'
    const answered = { chatId: randomUUID(), messageId: randomUUID() }
    const { text, messageId } = await say(asked, answered)
    openai.behaviour = 'endless'
    const underWay = { chatId: randomUUID(), messageId: randomUUID() }
    const first = say(asked, underWay)
    await until('it is being answered', () => openai.completions.length === 2)

    expect(await say(asked, answered)).toMatchObject({ status: 200, text, messageId })
    const second = say(asked, underWay)
    expect((await say(asked)).code).toBe('too_many_answers')
    expect((await say(asked, { ...answered, trigger: 'regenerate' })).code).toBe('too_many_answers')
    const elsewhere = { ...answered, chatId: underWay.chatId }
    expect((await say(asked, elsewhere)).code).toBe('too_many_answers')
    await runtime.store.chats.hide(answered.chatId, new Date())
    expect((await say(asked, answered)).code).toBe('chat_deleted')

    await stop(underWay.chatId)
    expect((await second).messageId).toBe((await first).messageId)
    expect(openai.completions).toHaveLength(2)
  })

  it('that never began take no room', async () => {
    await startRuntime({ RAGGEN_WEB_ANSWERS_PER_CLIENT: '1' })
    for (let n = 0; n < 3; n += 1) expect((await say(' ')).code).toBe('text_empty')
    const ids = { chatId: randomUUID(), messageId: randomUUID() }
    expect((await say('What is my dog afraid of?', ids)).status).toBe(200)
    // Told again what was answered already, which is no new answer either.
    for (let n = 0; n < 3; n += 1)
      expect((await say('What is my dog afraid of?', ids)).status).toBe(200)
    expect((await say('And what else?')).status).toBe(200)
  })
})
