import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'

import { ContextIndicator } from './context-indicator'

import type { Memory, MessageMetadata } from '@/chat/message'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { usedMemory } from '@/components/testing/memory'

function show(
  locale: TestLocale,
  memory: Memory,
  byQuotations = false,
  more: Partial<MessageMetadata> = {},
) {
  renderIn(
    locale,
    <ContextIndicator
      memory={memory}
      chatId="this-chat"
      message={{
        id: 'answer-1',
        role: 'assistant',
        parts: [],
        metadata: {
          createdAt: '2026-11-23T09:00:00Z',
          status: 'complete',
          provider: byQuotations ? 'quotations' : 'server-1',
          ...more,
          parentId: 'question-1',
          siblings: { ids: ['answer-1'], index: 0 },
        },
      }}
      live={false}
    />,
  )
  return screen.getByTestId('context-indicator')
}

async function open(locale: TestLocale, memory: Memory) {
  await userEvent.click(show(locale, memory))
  return screen.getByTestId('context-panel')
}

describe('the chip', () => {
  it.each([
    ['en', 1, 'From memory: 1 message'],
    ['en', 2, 'From memory: 2 messages'],
    ['ru', 1, 'Из памяти: 1 сообщение'],
    ['ru', 2, 'Из памяти: 2 сообщения'],
    ['ru', 5, 'Из памяти: 5 сообщений'],
    ['ru', 11, 'Из памяти: 11 сообщений'],
    ['ru', 21, 'Из памяти: 21 сообщение'],
  ] as const)('counts in %s: %i', (locale, count, text) => {
    const chip = show(locale, usedMemory(count))
    const span = locale === 'en' ? ' · 1 chat · 12 November' : ' · 1 чат · 12 ноября'
    expect(chip.textContent).toBe(text + span)
    expect(chip.dataset).toMatchObject({ state: 'used', count: String(count) })
    expect(chip.getAttribute('aria-expanded')).toBe('false')
  })

  it.each([
    ['en', 1, 2, 'From memory: 1 of 2 messages found'],
    ['en', 0, 1, 'Found in memory, but not used: 1 message'],
    ['ru', 2, 8, 'Из памяти: 2 из 8 найденных сообщений'],
    ['ru', 0, 3, 'Найдено в памяти, но не использовано: 3 сообщения'],
  ] as const)(
    'does not call used what was only found, in %s: %i of %i',
    (locale, used, count, text) => {
      const memory = usedMemory(count)
      const items = memory.items.map((item, index) => ({ ...item, included: index < used }))
      expect(show(locale, { ...memory, items }).textContent).toContain(`${text} · `)
    },
  )

  it.each([
    ['en', 'nothing-relevant', 'nothing relevant was ever said'],
    ['en', 'empty', 'besides this chat there is nothing in memory yet'],
    ['en', 'unavailable', 'will be remembered when it returns'],
    ['en', 'off', 'switched off'],
    ['ru', 'nothing-relevant', 'об этом ещё ничего не говорилось'],
    ['ru', 'empty', 'кроме этого чата, в памяти пока ничего нет'],
    ['ru', 'unavailable', 'запомнится, когда он вернётся'],
    ['ru', 'off', 'она выключена'],
  ] as const)('says in %s why there is none: %s', (locale, state, words) => {
    const line = show(locale, { state, items: [], tookMs: 3, earlier: null })
    expect(line.textContent).toContain(words)
    expect(line.dataset).toMatchObject({ state, count: '0' })
    expect(screen.queryAllByRole('button')).toHaveLength(state === 'nothing-relevant' ? 1 : 0)
  })
})

describe('from where and when', () => {
  const at = (chatId: string, timestamp: string) => ({ chatId, timestamp })

  it.each([
    [
      'en',
      [at('a', '2026-05-03T12:00:00Z'), at('b', '2026-07-01T12:00:00Z')],
      '2 chats · May – July',
    ],
    [
      'ru',
      [at('a', '2026-05-03T12:00:00Z'), at('b', '2026-07-01T12:00:00Z')],
      '2 чата · май – июль',
    ],
    ['en', [at('this-chat', '2026-11-22T22:30:00Z')], 'this chat · 23 November'],
    [
      'ru',
      [at('a', '2026-11-03T12:00:00Z'), at('a', '2026-11-09T12:00:00Z')],
      '1 чат · 3–9 ноября',
    ],
    [
      'en',
      [at('a', '2024-05-03T12:00:00Z'), at('a', '2026-05-03T12:00:00Z')],
      '1 chat · May 2024 – May 2026',
    ],
  ] as const)('says so in %s', (locale, sources, text) => {
    const memory = usedMemory(sources.length)
    const items = memory.items.map((item, index) => ({ ...item, ...sources[index] }))
    show(locale, { ...memory, items })
    const span = screen.getByTestId('context-span').textContent.replaceAll(/[\u2009\u202f]/g, ' ')
    expect(span).toBe(` · ${text}`)
  })
})

describe('an answer whose context the person chose', () => {
  const off: Memory = { state: 'off', items: [], tookMs: 0, earlier: null }

  it('without any is told apart from memory that is switched off', () => {
    const line = show('en', off, false, { origin: 'without-context' })
    expect(line.textContent).toContain('without context, as you asked')
    expect(line.dataset).toMatchObject({ state: 'off', onRequest: 'true' })
  })

  it('that memory could not be asked for stands beside what is pinned, which was given all the same', async () => {
    const { items, ...memory } = usedMemory(1)
    const pinned = { ...items[0]!, reasons: [{ kind: 'pinned' as const }], relevance: 0 }
    renderIn(
      'en',
      <ContextIndicator
        memory={{ ...memory, state: 'unavailable', items: [pinned] }}
        chatId="this-chat"
        message={{ id: 'answer-1', role: 'assistant', parts: [] }}
        live={false}
      />,
    )
    const [why, chip] = screen.getAllByTestId('context-indicator')
    expect(why?.dataset).toMatchObject({ state: 'unavailable', count: '0' })
    expect(chip?.textContent).toContain('From memory: 1 message')
    await userEvent.click(chip!)
    const panel = screen.getByTestId('context-panel')
    expect(panel.textContent).toContain('pinned by you')
    expect(within(panel).queryByTestId('context-relevance')).toBeNull()
  })

  it('says that it stands on the same as before', () => {
    show('ru', usedMemory(1), false, { origin: 'same-context' })
    expect(screen.getByTestId('context-same').textContent).toBe(
      'Тот же контекст, что и у прежнего ответа.',
    )
  })
})

describe('a question that was searched for together with an earlier message', () => {
  const earlier = { messageId: 'message-0', text: 'What is my dog\nafraid of?' }

  it.each([
    ['en', 'Searched together with your earlier message: “What is my dog afraid of?”'],
    ['ru', 'Искали вместе с вашим прошлым сообщением: «What is my dog afraid of?»'],
  ] as const)('says so in %s, with the way back to it', (locale, sentence) => {
    show(locale, { ...usedMemory(1), earlier })
    const line = screen.getByTestId('context-earlier')
    expect(line.textContent).toBe(sentence)
    expect(within(line).getByRole('link').getAttribute('href')).toBe('/chats/this-chat#m-message-0')
  })

  it('says so where nothing was found too', () => {
    show('en', { state: 'nothing-relevant', items: [], tookMs: 3, earlier })
    expect(screen.getByTestId('context-earlier').textContent).toContain('What is my dog afraid of?')
  })

  it('stays one line, whatever was said', () => {
    show('en', { ...usedMemory(1), earlier: { ...earlier, text: '<b>🐶</b> '.repeat(50) } })
    const { textContent } = screen.getByTestId('context-earlier')
    expect(textContent).toMatch(/“(<b>🐶<\/b> )+.*…”$/u)
    expect(textContent.length).toBeLessThan(130)
  })

  it('is silent for all others', () => {
    show('en', usedMemory(1))
    expect(screen.queryByTestId('context-earlier')).toBeNull()
  })
})

describe('the panel', () => {
  it('shows who said it, when, where, why, and marks the sentence', async () => {
    const panel = await open('en', usedMemory(1))
    const item = within(panel).getByTestId('context-item')
    expect(item.querySelector('mark')?.textContent).toBe('He is afraid of thunder.')
    expect(item.textContent).toContain('You')
    // 21:30 in London is half past midnight in Moscow, the next day.
    expect(item.querySelector('time')?.textContent).toBe('12 November 2026 at 00:30')
    expect(item.textContent).toContain('Strong match')
    expect(within(item).getByTestId('context-reason').textContent).toBe(
      'Why: shares the words: dog, afraid · close in meaning',
    )
    const link = within(item).getByRole('link')
    expect(link.getAttribute('href')).toBe('/chats/chat-1#m-message-1')
    expect(link.textContent).toBe('in “Archie”')
  })

  it('speaks Russian', async () => {
    const panel = await open('ru', usedMemory(1, { relevanceWord: 'low', included: false }))
    expect(panel.querySelector('time')?.textContent).toBe('12 ноября 2026 г. в 00:30')
    expect(panel.textContent).toContain('Слабая связь')
    expect(panel.textContent).toContain('общие слова: dog, afraid · близко по смыслу')
    expect(panel.textContent).toContain('Найдено, но не передано модели')
  })

  it('says what was given to the model', async () => {
    const panel = await open('en', usedMemory(1))
    expect(panel.textContent).toContain('Given to the model')
  })

  it('does not speak of a model where none was asked', async () => {
    await userEvent.click(show('en', usedMemory(2, { included: false }), true))
    const { textContent } = screen.getByTestId('context-panel')
    expect(textContent).not.toContain('the model')
    expect(textContent).toContain('Found but not quoted')
  })

  it('names a deleted chat, and this one, instead of linking nowhere', async () => {
    const gone = await open('en', usedMemory(1, { chatId: null, chatTitle: null }))
    expect(gone.textContent).toContain('in a deleted chat')
    expect(within(gone).queryByRole('link')).toBeNull()
  })

  it('says "in this chat" of its own', async () => {
    const panel = await open('en', usedMemory(1, { chatId: 'this-chat' }))
    expect(within(panel).getByRole('link').textContent).toBe('in this chat')
  })

  it('closes with Escape and gives the focus back to the chip', async () => {
    const panel = await open('en', usedMemory(2))
    within(panel).getAllByRole('link')[0]?.focus()
    await userEvent.keyboard('{Escape}')
    expect(screen.queryByTestId('context-panel')).toBeNull()
    expect(document.activeElement).toBe(screen.getByTestId('context-indicator'))
  })

  it('folds a long message until asked', async () => {
    const panel = await open('en', usedMemory(1, { text: 'Long. '.repeat(200), highlights: [] }))
    const more = within(panel).getByRole('button', { name: 'Show the whole message' })
    await userEvent.click(more)
    expect(more.getAttribute('aria-expanded')).toBe('true')
    expect(more.textContent).toBe('Show less')
  })
})
