import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { describe, expect, it, vi } from 'vitest'

import { SearchPanel } from './search-panel'

import type { ChatSummary, FoundMessage, SearchFindings } from '@/components/api/wire'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => {} }) }))
Element.prototype.scrollIntoView = () => {}

const AT = '2026-11-11T21:30:00Z'

function chat(id: string, title: string, change: Partial<ChatSummary> = {}): ChatSummary {
  return {
    id,
    title,
    titledBy: 'person',
    createdAt: AT,
    updatedAt: AT,
    pinnedAt: null,
    excludedAt: null,
    ...change,
  }
}

function message(id: string, excerpt: string, change: Partial<FoundMessage> = {}): FoundMessage {
  return {
    messageId: id,
    chatId: 'chat-1',
    chatTitle: 'Pets',
    speaker: 'user',
    excerpt,
    highlights: [],
    createdAt: AT,
    relevanceWord: 'high',
    how: 'words',
    ...change,
  }
}

const findings = (change: Partial<SearchFindings>): SearchFindings => {
  return { messages: [], chats: [], degraded: false, ...change }
}

/** Searches as they are asked for, each answered when the test says so. */
function serve() {
  const asked: { text: string; signal: AbortSignal; answer: (response: Response) => void }[] = []
  vi.stubGlobal(
    'fetch',
    (_path: string, { body, signal }: { body: string; signal: AbortSignal }) => {
      const { text } = JSON.parse(body) as { text: string }
      return new Promise<Response>((answer) => asked.push({ text, signal, answer }))
    },
  )
  return asked
}

const chosen = vi.fn()

function Panel() {
  const [text, setText] = useState('')
  return (
    <ChatListProvider initial={[chat('chat-1', 'Pets'), chat('chat-2', '')]}>
      <Dialog.Root open>
        <SearchPanel text={text} onText={setText} onChoose={chosen} />
      </Dialog.Root>
    </ChatListProvider>
  )
}

function show(locale: TestLocale = 'en') {
  const asked = serve()
  renderIn(locale, <Panel />)
  const field = screen.getByRole('combobox')
  const type = async (text: string) => {
    fireEvent.change(field, { target: { value: text } })
    await waitFor(() => expect(asked.at(-1)?.text).toBe(text))
    return asked.at(-1)!
  }
  const answer = (search: (typeof asked)[number], found: Partial<SearchFindings>) =>
    act(async () => search.answer(Response.json(findings(found))))
  return { asked, field, type, answer }
}

const options = () => screen.getAllByRole('option').map(({ textContent }) => textContent)
const selected = () => screen.getByRole('option', { selected: true })

describe('the search', () => {
  it.each([
    ['en', 'Recent chats', 'Untitled chat'],
    ['ru', 'Недавние чаты', 'Чат без названия'],
  ] as const)(
    'begins with the chats that were written in last, in %s',
    (locale, heading, untitled) => {
      show(locale)
      expect(screen.getByRole('group', { name: heading })).toBeTruthy()
      expect(options()[1]).toContain(untitled)
    },
  )

  it('asks once for what was typed in one go', async () => {
    const { asked, field } = show()
    await userEvent.type(field, 'dog')
    await waitFor(() => expect(asked).toHaveLength(1))
    expect(asked[0]?.text).toBe('dog')
  })

  it('drops an answer that comes too late, and gives up its request', async () => {
    const { type, answer } = show()
    const first = await type('dog')
    const second = await type('dog afraid')
    expect(first.signal.aborted).toBe(true)
    await answer(second, { messages: [message('m-2', 'The new answer')] })
    await answer(first, { messages: [message('m-1', 'The old answer')] })
    expect(options()).toHaveLength(1)
    expect(options()[0]).toContain('The new answer')
  })

  it('keeps what was found while more is typed, and Enter does not open it then', async () => {
    chosen.mockClear()
    const { type, answer, field } = show()
    await answer(await type('dog'), { messages: [message('m-1', 'My dog')] })
    const next = await type('dogs')
    expect(options()[0]).toContain('My dog')
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(chosen).not.toHaveBeenCalled()
    await answer(next, { messages: [message('m-1', 'My dog')] })
    fireEvent.keyDown(field, { key: 'Enter' })
    expect(chosen).toHaveBeenCalledOnce()
  })

  it('is steered by arrows, round and round, across both groups', async () => {
    const { type, answer, field } = show()
    await answer(await type('dog'), {
      chats: [chat('chat-9', 'Dogs')],
      messages: [message('m-1', 'My dog'), message('m-2', 'His dog')],
    })
    expect(selected().textContent).toContain('Dogs')
    fireEvent.keyDown(field, { key: 'ArrowDown' })
    expect(selected().getAttribute('href')).toBe('/chats/chat-1#m-m-1')
    expect(field.getAttribute('aria-activedescendant')).toBe(selected().id)
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    fireEvent.keyDown(field, { key: 'ArrowUp' })
    expect(selected().textContent).toContain('His dog')
    fireEvent.keyDown(field, { key: 'ArrowDown' })
    expect(selected().textContent).toContain('Dogs')
  })

  it('does not list a chat beside the question that it is named after', async () => {
    const { type, answer } = show()
    await answer(await type('dog'), {
      chats: [chat('chat-1', 'My dog', { titledBy: 'question' }), chat('chat-3', 'Dogs')],
      messages: [message('m-1', 'My dog')],
    })
    expect(options()).toHaveLength(2)
    expect(options()[0]).toContain('Dogs')
  })

  it('marks what was looked for, counted in code points', async () => {
    const { type, answer } = show()
    await answer(await type('dog'), {
      messages: [
        message('m-1', '🐶🐶 My dog', { highlights: [{ start: 6, end: 9 }], how: 'meaning' }),
      ],
    })
    expect(selected().querySelector('mark')?.textContent).toBe('dog')
    expect(selected().textContent).toContain('by meaning')
  })

  it.each([
    ['en', 'only the very words', 'No message has these very words'],
    ['ru', 'только сами слова', 'именно с этими словами нет'],
  ] as const)(
    'says in %s that memory is down, and that nothing was found',
    async (locale, down, none) => {
      const { type, answer } = show(locale)
      await answer(await type('dog'), { degraded: true })
      expect(screen.getByTestId('search-degraded').textContent).toContain(down)
      expect(screen.getByTestId('search-none').textContent).toContain(none)
      expect(screen.queryAllByRole('option')).toEqual([])
    },
  )

  it('can be tried again when it failed', async () => {
    const { type, answer, asked } = show()
    const failing = await type('dog')
    await act(async () =>
      failing.answer(Response.json({ error: { code: 'internal' } }, { status: 500 })),
    )
    expect(screen.getByRole('alert').textContent).toContain('Something went wrong')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(asked).toHaveLength(2))
    await answer(asked[1]!, { messages: [message('m-1', 'My dog')] })
    expect(options()[0]).toContain('My dog')
  })
})
