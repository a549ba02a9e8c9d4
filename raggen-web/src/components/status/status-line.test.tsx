import { act, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { StatusLine } from './status-line'

import type { Provider, Status } from '@/components/api/wire'
import { ChatSessionsProvider } from '@/components/chat/chat-sessions-context'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { ProvidersProvider } from '@/components/providers/providers-context'
import { SettingsProvider } from '@/components/settings/settings-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { serve, type Answers } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

const SELECTION = { providerId: 's1', model: 'qwen' }
const OLLAMA: Provider = {
  id: 's1',
  kind: 'openai',
  name: 'Ollama',
  hasKey: false,
  models: ['qwen'],
  available: true,
}

let status: Status
let server: Provider
let answers: Answers

beforeEach(() => {
  status = { embed: { state: 'ready' }, outbox: { pending: 0, oldestSeconds: 0 } }
  server = OLLAMA
  answers = {
    'GET /api/status': () => status,
    'GET /api/providers': () => ({ providers: [server], selection: SELECTION }),
  }
})
afterEach(() => vi.restoreAllMocks())

function show(locale: TestLocale = 'en') {
  const asked = serve(answers)
  renderIn(
    locale,
    <ToastsProvider label="News" closeLabel="Close">
      <ChatListProvider initial={[]}>
        <ProvidersProvider initial={SELECTION}>
          <ChatSessionsProvider>
            <SettingsProvider>
              <StatusLine />
            </SettingsProvider>
          </ChatSessionsProvider>
        </ProvidersProvider>
      </ChatListProvider>
    </ToastsProvider>,
  )
  return asked
}

const line = () => screen.getByTestId('status-line')
const settledAs = (state: Status['embed']['state'] | 'unreachable' | 'offline') =>
  waitFor(() => expect(line().dataset.state).toBe(state))

describe('the status line', () => {
  it.each([
    ['en', 'ready', 0, 'Memory is readyWhat you write can be recalled at once.'],
    ['ru', 'ready', 2, 'Память готоваЗапоминаются 2 сообщения.'],
    ['en', 'starting', 0, 'Memory is startingThe first answers may come without it.'],
    ['ru', 'down', 5, 'Память не отвечаетЧат работает без неё.'],
  ] as const)(
    'says in %s that memory is %s, with %i waiting',
    async (...[locale, state, pending, words]) => {
      status = { embed: { state }, outbox: { pending, oldestSeconds: 1 } }
      show(locale)
      await settledAs(state)
      expect(line().textContent).toContain(words)
      expect(line().dataset.pending).toBe(String(pending))
    },
  )

  it('says how many wait while memory is away', async () => {
    status = { embed: { state: 'down' }, outbox: { pending: 1, oldestSeconds: 9 } }
    show()
    await settledAs('down')
    expect(line().textContent).toMatch(/remembered when it returns\. 1 message is waiting\.$/)
  })

  it('tells raggen that was stopped from a device without network', async () => {
    answers['GET /api/status'] = () => new Response(null, { status: 500 })
    const onLine = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true)
    show('ru')
    await settledAs('unreachable')
    expect(line().textContent).toContain('raggen не отвечает')
    onLine.mockReturnValue(false)
    act(() => void window.dispatchEvent(new Event('offline')))
    await settledAs('offline')
    expect(line().textContent).toContain('Нет сети')
  })

  it.each([
    ['en', 'Ollama is not answering', 'Check that it is running'],
    ['ru', 'Ollama не отвечает', 'Проверьте, что он запущен'],
  ] as const)(
    'names in %s the server that would answer and does not, and why',
    async (locale, title, why) => {
      server = { ...OLLAMA, available: false, models: [], errorCode: 'provider_unreachable' }
      show(locale)
      const entry = await screen.findByTestId('status-answerer')
      expect(entry.textContent).toContain(title)
      expect(entry.textContent).toContain(why)
    },
  )

  it('says nothing of a server that answers, nor of one when raggen itself is away', async () => {
    show()
    await settledAs('ready')
    expect(screen.queryByTestId('status-answerer')).toBeNull()
    server = { ...OLLAMA, available: false, models: [] }
    answers['GET /api/status'] = () => new Response(null, { status: 500 })
    act(() => void window.dispatchEvent(new Event('online')))
    await settledAs('unreachable')
    expect(screen.queryByTestId('status-answerer')).toBeNull()
  })
})
