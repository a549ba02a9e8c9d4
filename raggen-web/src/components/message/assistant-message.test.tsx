import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { AssistantMessage } from './assistant-message'

import type { ChatMessage, MessageMetadata } from '@/chat/message'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { usedMemory } from '@/components/testing/memory'

type Options = {
  locale?: TestLocale
  text?: string
  metadata?: Partial<MessageMetadata>
  memory?: boolean
  live?: boolean
  onRetry?: () => void
}

vi.mock('@/components/receipt/receipt-dialog', () => ({ ReceiptDialog: () => null }))

function show(options: Options = {}) {
  const { locale = 'en', text = 'Thunder.', metadata, memory = true, live = false } = options
  const message: ChatMessage = {
    id: 'a1',
    role: 'assistant',
    metadata: {
      createdAt: '2026-11-23T08:00:00Z',
      status: 'complete',
      provider: 'p',
      parentId: 'u1',
      siblings: { ids: ['a1'], index: 0 },
      ...metadata,
    },
    parts: [
      ...(memory ? [{ type: 'data-memory' as const, id: 'memory', data: usedMemory(2) }] : []),
      ...(text ? [{ type: 'text' as const, text }] : []),
    ],
  }
  renderIn(
    locale,
    <AssistantMessage chatId="c" message={message} live={live} onRetry={options.onRetry ?? null} />,
  )
  return screen.getByTestId('message-assistant')
}

describe('an answer on its way', () => {
  it('says that memory is looked through, then that it is written', () => {
    const searching = show({ text: '', memory: false, live: true, locale: 'ru' })
    expect(searching.textContent).toContain('Ищем в памяти…')
    expect(searching.dataset.status).toBe('streaming')
    expect(searching.getAttribute('aria-busy')).toBe('true')
  })

  it('shows what it stands on before its first word', () => {
    const writing = show({ text: '', live: true })
    expect(writing.textContent).toContain('Writing…')
    expect(within(writing).getByTestId('context-indicator').dataset.count).toBe('2')
    expect(within(writing).queryByTestId('copy')).toBeNull()
  })
})

describe('an answer that ended', () => {
  it.each([
    ['en', { status: 'failed', errorCode: 'provider_unreachable' }, 'The server does not answer'],
    ['en', { status: 'interrupted' }, 'This answer was cut off'],
    ['en', { status: 'stopped' }, 'You stopped this answer.'],
    ['en', { status: 'complete', errorCode: 'provider_length' }, 'reached the longest length'],
    ['ru', { status: 'failed', errorCode: 'provider_unauthorized' }, 'Сервер не принял ключ'],
    ['ru', { status: 'interrupted' }, 'Ответ оборвался'],
    ['ru', { status: 'stopped' }, 'Вы остановили этот ответ.'],
    ['ru', { status: 'streaming' }, 'Этот ответ ещё пишется.'],
  ] as const)('explains itself in %s: %o', (locale, metadata, words) => {
    const answer = show({ locale, metadata, text: 'What had come.' })
    expect(answer.dataset.status).toBe(metadata.status)
    expect(within(answer).getByTestId('answer-notice').textContent).toContain(words)
    expect(answer.textContent).toContain('What had come.')
  })

  it('is silent about a good end', () => {
    expect(within(show()).queryByTestId('answer-notice')).toBeNull()
  })

  it('can be tried again', async () => {
    const onRetry = vi.fn()
    show({ metadata: { status: 'failed' }, onRetry })
    await userEvent.click(screen.getByTestId('answer-retry'))
    expect(onRetry).toHaveBeenCalledOnce()
  })
})

describe('what a model wrote', () => {
  it('loads no image: its words and a link stand there', () => {
    const answer = show({ text: '![a cat](https://evil.example/x.png)' })
    expect(answer.querySelector('img')).toBeNull()
    expect(answer.textContent).toContain('Image, not loaded: a cat')
    expect(screen.getByRole('link').getAttribute('href')).toBe('https://evil.example/x.png')
  })

  it('opens links elsewhere without telling where from, and its own ones here', () => {
    show({ text: '[out](https://example.org/) [in](/chats/c2#m-1)' })
    const [out, inside] = screen.getAllByRole('link')
    expect(out?.getAttribute('target')).toBe('_blank')
    expect(out?.getAttribute('rel')).toContain('noopener noreferrer')
    expect(inside?.getAttribute('target')).toBeNull()
    expect(inside?.getAttribute('href')).toBe('/chats/c2#m-1')
  })

  it('runs nothing and takes no id of the page', () => {
    const answer = show({
      text: '<p id="m-a1" onclick="alert(1)">x</p><script>alert(2)</script>\n\n[y](javascript:alert(3))',
    })
    expect(answer.querySelector('script')).toBeNull()
    expect(answer.innerHTML).not.toContain('alert(1)')
    expect(answer.innerHTML).not.toContain('javascript:')
    expect(document.querySelectorAll('#m-a1')).toHaveLength(1)
    expect(document.querySelector('#m-a1')).toBe(answer)
  })

  it('keeps its headings below the one that names the speaker', () => {
    const answer = show({ text: '# One\n\n#### Two' })
    const levels = Array.from(answer.querySelectorAll('h1,h2,h3,h4'), (h) => h.tagName)
    expect(levels).toEqual(['H2', 'H3', 'H3'])
  })
})
