import { describe, expect, it } from 'vitest'

import { archivedChat } from '../../../../../../test/archived-chat'
import { startRuntime } from '../../../../../../test/chat'

import { GET } from './route'

import type { ArchivedChat, ArchivedMessage } from '@/db/archived'

const AT = new Date('2026-05-08T21:30:00Z')

function message(change: Partial<ArchivedMessage>): ArchivedMessage {
  const [blank] = archivedChat(0, 1).messages
  return {
    ...blank!,
    role: 'user',
    parentId: null,
    replyToId: null,
    status: 'complete',
    model: null,
    createdAt: AT,
    context: [],
    receipt: null,
    golden: null,
    ...change,
  }
}

const PETS: ArchivedChat = {
  ...archivedChat(0, 0),
  id: 'chat-pets',
  title: 'Pets: "Archie" / Арчи*',
  leafId: 'answer-02',
  messages: [
    message({ id: 'question1', seq: 1, text: 'What is my dog afraid of?' }),
    message({ id: 'answer-01', seq: 2, role: 'assistant', parentId: 'question1', text: 'Cats.' }),
    message({
      id: 'answer-02',
      seq: 3,
      role: 'assistant',
      parentId: 'question1',
      replyToId: 'question1',
      text: 'Of **thunder**.',
      model: 'tiny',
      status: 'stopped',
      context: [
        {
          rank: 1,
          itemId: 'message-1',
          text: 'He is *afraid*\nof thunder.',
          sourceChatId: 'chat-pets',
          sourceMessageId: 'message-1',
          speaker: 'user',
          timestamp: AT,
          relevance: 0.9,
          relevanceWord: 'high',
          cosine: 0.7,
          lexical: 2,
          reasons: [],
          highlights: [],
          included: true,
          omitted: null,
          promptText: null,
          rating: null,
        },
      ],
      receipt: {
        provider: 'local',
        model: 'tiny',
        parameters: { temperature: 0.3 },
        messages: [],
        promptTokens: 1234,
        parts: null,
        leftOut: null,
        origin: 'fresh',
        memoryState: 'used',
        earlierId: null,
        retrievalMs: 5,
        firstTokenMs: 6,
        totalMs: 7,
        createdAt: AT,
      },
    }),
  ],
}

async function download(query: string, language = 'en', chatId = 'chat-pets') {
  const response = await GET(
    new Request(`http://127.0.0.1:3000/api/chats/${chatId}/export${query}`, {
      headers: { 'accept-language': language },
    }),
    { params: Promise.resolve({ chatId }) },
  )
  return { response, text: await response.text() }
}

describe('one chat as a file', () => {
  it('to read: the branch that is shown, and what each answer stood on', async () => {
    const { store } = await startRuntime()
    await store.transfer.bring(PETS, AT)
    const english = await download('?format=markdown&timeZone=Europe/Moscow')
    expect(english.response.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(english.response.headers.get('content-disposition')).toBe(
      `attachment; filename="raggen.md"; filename*=UTF-8''Pets%20Archie%20%D0%90%D1%80%D1%87%D0%B8.md`,
    )
    expect(english.text.split('\n\n').toSpliced(1, 1)).toEqual([
      '# Pets: "Archie" / Арчи\\*',
      '*This is the branch that the chat shows. 1 message on other branches is in the JSON export.*',
      '## You · 9 May 2026 at 00:30',
      'What is my dog afraid of?',
      '## Answer · tiny · 9 May 2026 at 00:30',
      'Of **thunder**.',
      '*(stopped)*',
      '**This answer stood on:**',
      '1. “He is \\*afraid\\* of thunder.” – you, 9 May 2026 at 00:30, in “Pets: "Archie" / Арчи\\*” (strong match, given to the model)',
      '*Sent to the model: about 1,234 tokens.* *Parameters:* `temperature = 0.3`\n',
    ])
    const russian = (await download('?format=markdown', 'ru')).text
    expect(russian).toContain('## Вы · 8 мая 2026 г. в 21:30')
    expect(russian).toContain('вы, 8 мая 2026 г. в 21:30, в чате «Pets')
    expect(russian).toContain('(UTC)')
  })

  it('to import again: all branches', async () => {
    const { store } = await startRuntime()
    await store.transfer.bring(PETS, AT)
    const { response, text } = await download('?format=json')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const file = JSON.parse(text) as { format: string; version: number; chats: unknown[] }
    expect(file).toMatchObject({ format: 'raggen-chats', version: 1 })
    expect(file.chats).toEqual([JSON.parse(JSON.stringify(PETS))])
  })

  it.each([
    ['?format=pdf', 'chat-pets', 422],
    ['?format=markdown&timeZone=Moon/Base', 'chat-pets', 422],
    ['?format=json', 'chat-none', 404],
  ])('%s of %s is refused', async (query, chatId, status) => {
    const { store } = await startRuntime()
    await store.transfer.bring(PETS, AT)
    expect((await download(query, 'en', chatId)).response.status).toBe(status)
  })
})
