import { describe, expect, it } from 'vitest'

import { chatOfConversation, isConversation } from './chatgpt'
import { Chat, type TransferChat } from './format'
import { faultIn } from './tree'

const T = 1_700_000_000

type Told = [id: string, parent: string | null, role: string | null, text?: string, time?: number]

/** A conversation as ChatGPT exports it. */
function conversation(nodes: Told[], change: object = {}) {
  const mapping = Object.fromEntries(
    nodes.map(([id, parent, role, text, time]) => [
      id,
      {
        id,
        parent,
        children: nodes.filter(([, of]) => of === id).map(([child]) => child),
        message: role && {
          id,
          author: { role, name: null, metadata: {} },
          create_time: time ?? null,
          content: { content_type: role === 'tool' ? 'code' : 'text', parts: [text ?? ''] },
          status: 'finished_successfully',
          metadata: role === 'assistant' ? { model_slug: 'gpt-4o' } : {},
        },
      },
    ]),
  )
  const title = 'Собака боится грозы'
  return {
    title,
    create_time: T,
    update_time: T + 9000,
    mapping,
    conversation_id: 'conv-12345678',
    ...change,
  }
}

const TREE = conversation(
  [
    ['root', null, null],
    ['system01', 'root', 'system', ''],
    ['question1', 'system01', 'user', 'Why is he afraid?', T + 1],
    ['answer-1a', 'question1', 'assistant', 'Because it is loud.', T + 5],
    ['answer-1b', 'question1', 'assistant', 'Because of the light.', T + 60],
    ['tool-call', 'answer-1b', 'tool', 'search("dogs")', T + 61],
    ['question2', 'tool-call', 'user', 'What helps?', T + 4000.25],
    ['q2', 'question2', 'assistant', 'A quiet room.', T + 4003],
  ],
  { current_node: 'q2' },
)

function converted(value: unknown): TransferChat {
  const chat = Chat.parse(chatOfConversation(value))
  expect(faultIn(chat)).toBeNull()
  return chat
}

describe('a conversation of ChatGPT', () => {
  it('keeps its branches, its moments and its model', () => {
    const chat = converted(TREE)
    expect(chat).toMatchObject({
      id: 'conv-12345678',
      title: 'Собака боится грозы',
      titledBy: 'model',
    })
    const ids = new Map(chat.messages.map(({ id }, index) => [id, index]))
    const told = chat.messages.map(({ text, role, parentId, replyToId, session, model }) => [
      text,
      role,
      ids.get(parentId ?? '') ?? null,
      ids.get(replyToId ?? '') ?? null,
      session,
      model,
    ])
    expect(told).toEqual([
      ['Why is he afraid?', 'user', null, null, 1, null],
      ['Because it is loud.', 'assistant', 0, 0, 1, 'gpt-4o'],
      ['Because of the light.', 'assistant', 0, 0, 1, 'gpt-4o'],
      ['What helps?', 'user', 2, null, 2, null],
      ['A quiet room.', 'assistant', 3, 3, 2, 'gpt-4o'],
    ])
    expect(chat.messages[3]?.createdAt).toEqual(new Date((T + 4000.25) * 1000))
    expect(chat.leafId).toBe(chat.messages[4]?.id)
    // An id that raggen could not keep is made of it, the same each time.
    expect(chat.messages[4]?.id).toMatch(/^[0-9a-f]{32}$/)
    expect(converted(TREE)).toEqual(chat)
  })

  it('may be empty, or have no times', () => {
    expect(converted(conversation([['root', null, null]])).messages).toEqual([])
    const timeless = converted(
      conversation([
        ['question1', null, 'user', 'One'],
        ['answer-01', 'question1', 'assistant', 'Two'],
      ]),
    )
    expect(timeless.messages.map(({ createdAt }) => createdAt.getTime())).toEqual([
      T * 1000,
      T * 1000,
    ])
  })

  it.each<[string, ReturnType<typeof conversation>]>([
    [
      'circles',
      conversation([
        ['node-aaaa', 'node-bbbb', 'user', 'A'],
        ['node-bbbb', 'node-aaaa', 'user', 'B'],
      ]),
    ],
    ['its own parent', conversation([['node-aaaa', 'node-aaaa', 'user', 'A']])],
    ['parents that are missing', conversation([['node-aaaa', 'gone', 'user', 'A', -5e20]])],
    [
      'a last message in a circle',
      conversation([['node-aaaa', null, 'user', 'A', 1e300]], { current_node: 'constructor' }),
    ],
  ])('with %s hangs nobody up', (_name, value) => {
    converted(value)
  })

  it('of 20,000 messages in a row is no matter of depth', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index): Told => {
      return [
        `node-${index}-x`,
        index === 0 ? null : `node-${index - 1}-x`,
        index % 2 ? 'assistant' : 'user',
        `${index}`,
        T + index,
      ]
    })
    expect(converted(conversation(nodes)).messages).toHaveLength(20_000)
  })

  it('that is none is given back as it is', () => {
    const value = { mapping: 5 }
    expect(isConversation(value)).toBe(true)
    expect(chatOfConversation(value)).toBe(value)
    expect(isConversation({ messages: [] })).toBe(false)
  })
})
