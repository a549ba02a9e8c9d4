import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say } from '../../test/chat'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

const searches = (embed: { requests: { url?: string }[] }) =>
  embed.requests.filter(({ url }) => url === '/api/v1/search').length

describe('a search', () => {
  it('is under way while its question is being stored', async () => {
    const { embed, runtime } = await startWithModel()
    const { messages } = runtime.store
    const { receive } = messages
    messages.receive = async (reception) => {
      await until('the search has come', () => searches(embed) === 1)
      return receive(reception)
    }
    const answered = await say('What is my dog afraid of?')
    expect(answered.metadata?.status).toBe('complete')
    expect(searches(embed)).toBe(1)
  })

  it('of a question that was not stored leads to no answer', async () => {
    const { openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    await say('My dog is called Archie.', { chatId })
    await runtime.store.chats.hide(chatId, new Date())
    const refused = await say('What is my dog afraid of?', { chatId })
    expect(refused).toMatchObject({ status: 410, code: 'chat_deleted' })
    expect(openai.completions).toHaveLength(1)
    expect(runtime.lines.join('')).not.toContain('answering without memory')
  })

  it('waits for an answer that is still being written: half of it would be in the prompt', async () => {
    const { openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    openai.behaviour = 'slow'
    const first = say('What is my dog afraid of?', { chatId })
    await until('it is being answered', () => openai.completions.length === 1)
    const { messages } = runtime.store
    const { receive } = messages
    // As if it had come in the last moment of the answer.
    messages.receive = async (reception) => {
      await until('it is answered', () => runtime.inFlight.underWay(chatId) === null)
      return receive(reception)
    }
    const second = await say('And my cat?', { chatId })
    const { text } = await first
    expect(second.metadata?.status).toBe('complete')
    const sent = openai.completions.at(-1)?.messages.map(({ content }) => content)
    expect(sent).toContain(text)
  })

  it('is done again where the question came to stand elsewhere', async () => {
    const { embed, openai, runtime } = await startWithModel()
    const chatId = randomUUID()
    const first = await say('My dog is called Archie.', { chatId })
    await say('My cat is called Tom.', { chatId })
    const before = searches(embed)
    const { messages } = runtime.store
    const { receive } = messages
    // As if another tab had shown an earlier place of the chat in this very moment.
    messages.receive = async (reception) => {
      await until('the search has come', () => searches(embed) === before + 1)
      await runtime.store.chats.show(chatId, first.messageId)
      return receive(reception)
    }
    await say('And the parrot?', { chatId })
    expect(searches(embed)).toBe(before + 2)
    const sent = openai.completions.at(-1)?.messages.map(({ content }) => content) ?? []
    expect(sent.join()).toContain('My dog is called Archie.')
    expect(sent.join()).not.toContain('My cat is called Tom.')
  })
})
