import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { PreviewDialog } from './preview-dialog'

import type { Memory } from '@/chat/message'
import { DEFAULTS } from '@/chat/settings'
import { ChatSessionsProvider } from '@/components/chat/chat-sessions-context'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { ProvidersProvider } from '@/components/providers/providers-context'
import { SettingsProvider } from '@/components/settings/settings-context'
import { useChatSettings } from '@/components/settings/use-chat-settings'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { modelPrompt } from '@/components/testing/prompt'
import { serve, type Answers } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

const SELECTION = { providerId: 's1', model: 'qwen' }
const PREVIEW = 'POST /api/chats/c1/preview'
const user = userEvent.setup()
let answers: Answers

beforeEach(() => {
  answers = {
    'GET /api/providers': () => ({ providers: [], selection: SELECTION }),
    'GET /api/settings': () => ({ defaults: DEFAULTS }),
    'GET /api/chats/c1/settings': () => ({ settings: { generation: {}, context: {} } }),
    'PUT /api/chats/c1/settings': (body) => ({ settings: body }),
    [PREVIEW]: () => modelPrompt(),
  }
})

type Handlers = { onSend: () => void; onCancel: () => void }

function Asked(handlers: Handlers) {
  const { own } = useChatSettings('c1', false)
  if (own === null) return null
  const asked = { chatId: 'c1', isNew: false, text: 'What is my dog afraid of?', settings: own }
  return <PreviewDialog {...asked} parentId={undefined} {...handlers} />
}

async function show(locale: TestLocale = 'en') {
  const asked = serve(answers)
  const handlers = { onSend: vi.fn(), onCancel: vi.fn() }
  renderIn(
    locale,
    <ToastsProvider label="News" closeLabel="Close">
      <ChatListProvider initial={[]}>
        <ProvidersProvider initial={SELECTION}>
          <ChatSessionsProvider>
            <SettingsProvider>
              <Asked {...handlers} />
            </SettingsProvider>
          </ChatSessionsProvider>
        </ProvidersProvider>
      </ChatListProvider>
    </ToastsProvider>,
  )
  await screen.findByRole('dialog')
  return { ...handlers, previews: () => asked.filter(({ call }) => call === PREVIEW) }
}

describe('the preview', () => {
  it.each([
    ['en', 'What will be sent', 'From memory: 2 messages', '3 messages'],
    ['ru', 'Что будет отправлено', 'Из памяти: 2 сообщения', '3 сообщения'],
  ] as const)('shows in %s all that would be sent', async (locale, title, memory, messages) => {
    const { previews } = await show(locale)
    expect(screen.getByRole('dialog', { name: title })).toBeTruthy()
    expect(await screen.findByRole('heading', { name: memory })).toBeTruthy()
    expect(screen.getByRole('heading', { name: messages })).toBeTruthy()
    expect(screen.getByTestId('token-bar')).toBeTruthy()
    expect(previews().map(({ body }) => body)).toEqual([
      {
        text: 'What is my dog afraid of?',
        context: 'fresh',
        settings: { generation: {}, context: {} },
      },
    ])
  })

  it('says why memory adds nothing, and that no model is asked', async () => {
    const memory: Memory = { state: 'nothing-relevant', items: [], tookMs: 3, earlier: null }
    answers[PREVIEW] = () =>
      modelPrompt({ provider: 'quotations', model: null, messages: [], memory })
    await show()
    expect(await screen.findByRole('heading', { name: 'From memory: nothing' })).toBeTruthy()
    expect(screen.getByText('No model will be asked.', { exact: false })).toBeTruthy()
  })

  it('sends, or does not', async () => {
    const { onSend, onCancel } = await show()
    await user.click(screen.getByRole('button', { name: 'Send' }))
    expect(onSend).toHaveBeenCalledOnce()
    expect(onCancel).not.toHaveBeenCalled()
    await user.click(screen.getByTestId('preview-cancel'))
    expect(onCancel).toHaveBeenCalledOnce()
    await user.keyboard('{Escape}')
    expect(onCancel).toHaveBeenCalledTimes(2)
    expect(onSend).toHaveBeenCalledOnce()
  })

  it('explains what went wrong; one can try again, or send anyway', async () => {
    let broken = true
    const error = { code: 'provider_key_lost', requestId: 'r' }
    answers[PREVIEW] = () => (broken ? Response.json({ error }, { status: 502 }) : modelPrompt())
    const { onSend } = await show('ru')
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Показать заранее не получилось.',
    )
    expect(screen.getByRole('alert').textContent).toContain('Ключ этого сервера')
    await user.click(screen.getByRole('button', { name: 'Всё равно отправить' }))
    expect(onSend).toHaveBeenCalledOnce()
    broken = false
    await user.click(screen.getByRole('button', { name: 'Повторить' }))
    expect(await screen.findByTestId('token-bar')).toBeTruthy()
    expect(screen.queryByRole('alert')).toBeNull()
  })

  it('follows settings that are changed in it', async () => {
    const { previews } = await show()
    await screen.findByTestId('token-bar')
    await user.click(screen.getByTestId('preview-settings'))
    expect(screen.queryByTestId('preview-send')).toBeNull()
    await user.click(await screen.findByRole('switch', { name: 'Use memory' }))
    await user.click(screen.getByTestId('preview-settings'))
    await waitFor(() =>
      expect(previews().at(-1)?.body).toMatchObject({ settings: { context: { enabled: false } } }),
    )
    expect(await screen.findByTestId('token-bar')).toBeTruthy()
  })
})
