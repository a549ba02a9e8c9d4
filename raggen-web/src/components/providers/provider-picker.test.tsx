import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'

import { ChoiceProvider } from './choice-context'
import { ChoiceNotice } from './choice-notice'
import { ProviderPicker } from './provider-picker'
import { ProvidersProvider } from './providers-context'

import type { ChatSettings } from '@/chat/settings'
import type { Provider, Providers, Selection } from '@/components/api/wire'
import { ChatSessionsProvider } from '@/components/chat/chat-sessions-context'
import { useChatChoice } from '@/components/chat/use-chat-choice'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { SettingsProvider } from '@/components/settings/settings-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { serve, type Answers } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

const BUILT_IN = { hasKey: false, available: true, models: [] }
const OLLAMA: Provider = {
  id: 's1',
  kind: 'openai',
  name: 'Ollama',
  baseUrl: 'http://127.0.0.1:11434/v1',
  hasKey: false,
  models: ['qwen', 'gemma'],
  available: true,
}

let state: Providers
let stored: ChatSettings
let answers: Answers

beforeEach(() => {
  state = {
    providers: [
      { id: 'quotations', kind: 'quotations', name: 'quotations', ...BUILT_IN },
      { id: 'local', kind: 'local', name: 'local', ...BUILT_IN, models: ['smol'] },
      OLLAMA,
    ],
    selection: { providerId: 's1', model: 'qwen' },
  }
  stored = { generation: {}, context: { count: 3 } }
  answers = {
    'GET /api/providers': () => state,
    'GET /api/chats/c1/settings': () => ({ settings: stored }),
    'PUT /api/chats/c1/settings': (body) => {
      stored = body as ChatSettings
      return { settings: stored }
    },
    'GET /api/settings': () => new Response(null, { status: 404 }),
    'PUT /api/selection': (body) => {
      state = { ...state, selection: body as Selection }
      return { selection: body as Selection }
    },
  }
})

function Chat({ isNew }: { isNew: boolean }) {
  const choice = useChatChoice('c1', isNew, stored.selection)
  const [open, setOpen] = useState(false)
  return (
    <ChoiceProvider choice={choice}>
      <ChoiceNotice onChoose={() => setOpen(true)} />
      <ProviderPicker open={open} onOpenChange={setOpen} />
    </ChoiceProvider>
  )
}

function show(locale: TestLocale = 'en', isNew = false) {
  const asked = serve(answers)
  renderIn(
    locale,
    <ToastsProvider label="News" closeLabel="Close">
      <ChatListProvider initial={[]}>
        <ProvidersProvider initial={state.selection}>
          <ChatSessionsProvider>
            <SettingsProvider>
              <Chat isNew={isNew} />
            </SettingsProvider>
          </ChatSessionsProvider>
        </ProvidersProvider>
      </ChatListProvider>
    </ToastsProvider>,
  )
  return asked
}

const user = userEvent.setup()
const picker = () => screen.getByTestId('provider-picker')

/** Opens the menu once the page knows what the chat sets itself. */
async function open(asked: { call: string }[]) {
  await waitFor(() => expect(asked.map(({ call }) => call)).toContain('GET /api/providers'))
  await user.click(picker())
  return screen.findByRole('menu')
}

async function choose(model: string) {
  await user.click(await screen.findByRole('menuitemradio', { name: model }))
}

describe('who answers in a chat', () => {
  it('is whoever answers in new chats, until the chat gets its own', async () => {
    const asked = show()
    expect(picker().textContent).toContain('qwen')
    await open(asked)
    expect(screen.queryByTestId('choice-follow')).toBeNull()
    await choose('gemma')
    await waitFor(() =>
      expect(stored).toEqual({
        generation: {},
        context: { count: 3 },
        selection: { providerId: 's1', model: 'gemma' },
      }),
    )
    expect(picker().textContent).toContain('gemma')
    expect(asked.map(({ call }) => call)).not.toContain('PUT /api/selection')
  })

  it('can become who answers in new chats too', async () => {
    stored.selection = { providerId: 's1', model: 'gemma' }
    const asked = show()
    await open(asked)
    await user.click(await screen.findByText('Use for new chats too'))
    expect(asked.findLast(({ call }) => call === 'PUT /api/selection')?.body).toEqual({
      providerId: 's1',
      model: 'gemma',
    })
    expect(await screen.findByText('New chats: gemma')).toBeTruthy()
    await user.click(picker())
    expect(await screen.findByTestId('choice-follow')).toBeTruthy()
    expect(screen.queryByTestId('choice-for-new')).toBeNull()
  })

  it('follows new chats again where its person wants that, and keeps its other settings', async () => {
    stored.selection = { providerId: 'quotations', model: null }
    const asked = show('ru')
    expect(picker().textContent).toContain('Кто отвечает в этом чате?')
    expect(picker().textContent).toContain('Цитаты')
    await open(asked)
    await user.click(await screen.findByText('Как в новых чатах'))
    await waitFor(() => expect(stored).toEqual({ generation: {}, context: { count: 3 } }))
    expect(picker().textContent).toContain('qwen')
  })

  it('is chosen for new chats where the chat has not begun', async () => {
    const asked = show('en', true)
    await open(asked)
    await choose('gemma')
    await waitFor(() => expect(state.selection).toEqual({ providerId: 's1', model: 'gemma' }))
    expect(asked.map(({ call }) => call)).not.toContain('PUT /api/chats/c1/settings')
  })

  it('says when the choice did not reach the server, and tries again', async () => {
    let broken = true
    const save = answers['PUT /api/chats/c1/settings']!
    answers['PUT /api/chats/c1/settings'] = (body) =>
      broken ? new Response(null, { status: 500 }) : save(body)
    await open(show())
    await choose('gemma')
    const notice = await screen.findByTestId('choice-unsaved')
    expect(notice.textContent).toContain('gemma')
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(screen.queryByTestId('choice-unsaved')).toBeNull())
    expect(stored.selection).toEqual({ providerId: 's1', model: 'gemma' })
  })

  it('says so when the server did not hear that the chat follows new chats again', async () => {
    stored.selection = { providerId: 's1', model: 'gemma' }
    answers['PUT /api/chats/c1/settings'] = () => new Response(null, { status: 500 })
    await open(show('ru'))
    await user.click(await screen.findByText('Как в новых чатах'))
    const notice = await screen.findByTestId('choice-unsaved')
    expect(notice.textContent).toContain('qwen')
    expect(notice.textContent).toContain('ничего не отправляется')
  })

  it('is chosen as soon as it is known what else the chat sets', async () => {
    const read = answers['GET /api/chats/c1/settings']!
    let broken = true
    answers['GET /api/chats/c1/settings'] = (body) =>
      broken ? new Response(null, { status: 500 }) : read(body)
    await open(show())
    await choose('gemma')
    expect(await screen.findByText('The choice was not saved. Try again.')).toBeTruthy()
    expect(stored.selection).toBeUndefined()
    broken = false
    await user.click(picker())
    await choose('gemma')
    const selection = { providerId: 's1', model: 'gemma' }
    await waitFor(() =>
      expect(stored).toEqual({ generation: {}, context: { count: 3 }, selection }),
    )
  })
})

describe('a choice that is gone', () => {
  it.each([
    ['en', 'no longer connected', 'Take qwen'],
    ['ru', 'больше не подключён', 'Пусть отвечает «qwen»'],
  ] as const)('is told in %s, and nobody takes over unasked', async (locale, words, take) => {
    stored.selection = { providerId: 'removed', model: 'old-model' }
    show(locale)
    const notice = await screen.findByRole('alert')
    expect(notice.textContent).toContain('old-model')
    expect(notice.textContent).toContain(words)
    expect(picker().textContent).toContain('old-model')
    await user.click(screen.getByRole('button', { name: take }))
    await waitFor(() => expect(stored.selection).toBeUndefined())
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('leads to the menu', async () => {
    stored.selection = { providerId: 's1', model: 'unloaded' }
    show()
    expect((await screen.findByRole('alert')).textContent).toContain('does not offer unloaded')
    await user.click(screen.getByRole('button', { name: 'Choose…' }))
    await choose('gemma')
    await waitFor(() => expect(stored.selection).toEqual({ providerId: 's1', model: 'gemma' }))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('is not told of a server that only does not answer now', async () => {
    state.providers = state.providers.with(2, { ...OLLAMA, available: false, models: [] })
    stored.selection = { providerId: 's1', model: 'gemma' }
    await open(show())
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
