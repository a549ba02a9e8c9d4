import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { jsonRequest, say } from '../../test/chat'
import { startWithModel } from '../../test/model'

import { POST as PREVIEW } from '@/app/api/chats/[chatId]/preview/route'
import { GET, PUT } from '@/app/api/chats/[chatId]/settings/route'
import { DELETE } from '@/app/api/providers/[providerId]/route'
import { PUT as SELECT } from '@/app/api/selection/route'

const NONE = { params: Promise.resolve({}) }
const QUESTION = 'What is my dog afraid of?'
const QUOTATIONS = { providerId: 'quotations', model: null }

async function configure(chatId: string, settings: object) {
  const request = jsonRequest(`/api/chats/${chatId}/settings`, 'PUT', settings)
  const response = await PUT(request, { params: Promise.resolve({ chatId }) })
  return (await response.json()) as { effective: { selection: object } }
}

describe('a chat with its own model', () => {
  it('is answered by it, whoever answers in new chats', async () => {
    const { providerId, openai } = await startWithModel()
    const chatId = randomUUID()
    await say(QUESTION, { chatId })
    const own = { providerId, model: 'large' }
    expect((await configure(chatId, { selection: own })).effective.selection).toEqual(own)
    await SELECT(jsonRequest('/api/selection', 'PUT', QUOTATIONS), NONE)

    const answered = await say('And my cat?', { chatId })
    expect(answered.metadata).toMatchObject({ provider: providerId, model: 'large' })
    expect(openai.completions.map(({ model }) => model)).toEqual(['tiny', 'large'])
    expect((await say(QUESTION)).metadata).toMatchObject({ provider: 'quotations' })

    await configure(chatId, {})
    expect((await say('And now?', { chatId })).metadata).toMatchObject({ provider: 'quotations' })
  })

  it('can begin with it', async () => {
    const { providerId, openai } = await startWithModel()
    const chatId = randomUUID()
    await say(QUESTION, { chatId, settings: { selection: { providerId, model: 'other' } } })
    expect(openai.completions[0]?.model).toBe('other')
    const kept = await GET(new Request('http://127.0.0.1:3000/'), {
      params: Promise.resolve({ chatId }),
    })
    expect(await kept.json()).toMatchObject({
      settings: { selection: { providerId, model: 'other' } },
    })
  })

  it('is answered by nobody else once it is gone: nothing is stored, nothing is sent', async () => {
    const { providerId, openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    const first = await say(QUESTION, { chatId })
    await configure(chatId, { selection: { providerId, model: 'tiny' } })
    await DELETE(new Request('http://127.0.0.1:3000/', { method: 'DELETE' }), {
      params: Promise.resolve({ providerId }),
    })
    const before = openai.completions.length

    expect(await say('And my cat?', { chatId })).toMatchObject({
      status: 404,
      code: 'provider_unknown',
    })
    const question = await runtime.store.messages.find(first.messageId)
    const again = { chatId, messageId: question!.parentId!, trigger: 'regenerate' } as const
    expect((await say('', again)).code).toBe('provider_unknown')
    const previewed = await PREVIEW(
      jsonRequest(`/api/chats/${chatId}/preview`, 'POST', { text: 'And my cat?' }),
      { params: Promise.resolve({ chatId }) },
    )
    expect(await previewed.json()).toMatchObject({ error: { code: 'provider_unknown' } })
    expect(openai.completions.length).toBe(before)
    const chat = await runtime.store.chats.find(chatId)
    expect(chat?.leafId).toBe(first.messageId)

    await configure(chatId, {})
    expect((await say('And my cat?', { chatId })).metadata).toMatchObject({
      provider: 'quotations',
    })
  })
})
