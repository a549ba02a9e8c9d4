import { randomUUID } from 'node:crypto'

import { describe, expect, it } from 'vitest'

import { say } from '../../test/chat'
import { startWithModel } from '../../test/model'
import { until } from '../../test/until'

const QUESTION = 'Could you please tell me what exactly it is that my dog Archie is afraid of?'

async function asked(behaviour: 'answer' | 'close-half-way' = 'answer') {
  const { openai, runtime } = await startWithModel({}, { titles: true })
  openai.behaviour = behaviour
  const chatId = randomUUID()
  await say(QUESTION, { chatId })
  const chat = async () => (await runtime.store.chats.find(chatId))!
  return { openai, runtime, chatId, chat }
}

describe('a chat', () => {
  it('is named by the model that gave its first whole answer', async () => {
    const { openai, chat, chatId } = await asked()
    await until('it is named', async () => (await chat()).titledBy === 'model')
    expect((await chat()).title).toBe('Archie is afraid of thunder')
    const [, naming] = openai.completions
    expect(naming?.messages.map(({ role }) => role)).toEqual(['system', 'user'])
    expect(naming?.messages[1]?.content).toContain(QUESTION)
    expect(naming?.messages[1]?.content).toContain('Archie is afraid of thunder.')
    await say('Another question.', { chatId })
    expect(openai.completions).toHaveLength(3) // Once is enough.
  })

  it('keeps the name that a person gave it, also while the model thinks of one', async () => {
    const { runtime, chat, chatId } = await asked()
    await runtime.store.chats.rename(chatId, 'Archie, my dog')
    await runtime.titler.stop()
    expect(await runtime.store.chats.entitle(chatId, 'Too late')).toBe(false)
    expect(await chat()).toMatchObject({ title: 'Archie, my dog', titledBy: 'person' })
  })

  it('keeps its question as its name when the answer failed', async () => {
    const { openai, runtime, chat } = await asked('close-half-way')
    await runtime.titler.stop()
    expect(openai.completions).toHaveLength(1)
    expect(await chat()).toMatchObject({ titledBy: 'question' })
  })

  it('keeps its question as its name when the model cannot name it, and is named next time', async () => {
    const { openai, runtime } = await startWithModel({}, { titles: true })
    const chatId = randomUUID()
    await say(QUESTION, {
      chatId,
      onChunk: (chunk) => void (chunk.type === 'finish' && (openai.behaviour = 'broken')),
    })
    await until('it tried', () => runtime.lines.some((line) => line.includes('got no title')))
    expect(await runtime.store.chats.find(chatId)).toMatchObject({ titledBy: 'question' })
    openai.behaviour = 'answer'
    await say('And why?', { chatId })
    await until(
      'it is named',
      async () => (await runtime.store.chats.find(chatId))?.titledBy === 'model',
    )
  })
})
