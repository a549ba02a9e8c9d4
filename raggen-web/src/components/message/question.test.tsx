import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'

import { MessageActionsProvider, type MessageActions } from './message-actions-context'
import { UserMessage } from './user-message'

import type { ChatMessage, Siblings } from '@/chat/message'
import { renderIn, type TestLocale } from '@/components/testing/in-language'

// jsdom has no layout, and nothing to scroll.
Element.prototype.scrollIntoView = () => {}

type Options = { locale?: TestLocale; siblings?: Siblings } & Partial<MessageActions>

function show({ locale = 'en', siblings = { ids: ['u1'], index: 0 }, ...changes }: Options = {}) {
  const metadata = { createdAt: '2026-11-23T08:00:00Z', status: 'complete' as const }
  const message: ChatMessage = {
    id: 'u1',
    role: 'user',
    metadata: { ...metadata, parentId: null, siblings },
    parts: [{ type: 'text', text: 'As it was' }],
  }
  const actions: MessageActions = {
    busy: false,
    editing: null,
    startEditing: vi.fn(),
    stopEditing: vi.fn(),
    edit: vi.fn().mockResolvedValue(true),
    showVersion: vi.fn(),
    ...changes,
  }
  renderIn(
    locale,
    <MessageActionsProvider actions={actions}>
      <UserMessage message={message} />
    </MessageActionsProvider>,
  )
  return actions
}

it('is edited from its toolbar, or with E where it has the focus', async () => {
  const { startEditing } = show({ locale: 'ru' })
  await userEvent.click(screen.getByRole('button', { name: 'Изменить и продолжить отсюда' }))
  screen.getByRole('article').focus()
  await userEvent.keyboard('[KeyE]')
  expect(startEditing).toHaveBeenCalledTimes(2)
})

it('asks what was written with Ctrl+Enter, and gives up with Escape', async () => {
  const { edit, stopEditing } = show({ editing: 'u1' })
  const field = screen.getByTestId('edit-input')
  expect(document.activeElement).toBe(field)
  await userEvent.type(field, ' before{Control>}{Enter}{/Control}')
  expect(edit).toHaveBeenCalledExactlyOnceWith('u1', 'As it was before')
  await userEvent.keyboard('{Escape}')
  expect(stopEditing).toHaveBeenCalledOnce()
})

it('asks nothing where nothing was changed or nothing is left', async () => {
  const { edit, stopEditing } = show({ editing: 'u1' })
  await userEvent.click(screen.getByTestId('edit-send'))
  expect(stopEditing).toHaveBeenCalledOnce()
  await userEvent.clear(screen.getByTestId('edit-input'))
  await userEvent.click(screen.getByTestId('edit-send'))
  expect(edit).not.toHaveBeenCalled()
})

it('goes between its versions, and no further than they reach', async () => {
  const { showVersion } = show({ siblings: { ids: ['u0', 'u1'], index: 1 } })
  expect(screen.getByTestId('version-place').textContent).toBe('2/2')
  await userEvent.click(screen.getByRole('button', { name: 'Next version (now 2 of 2)' }))
  expect(showVersion).not.toHaveBeenCalled()
  await userEvent.click(screen.getByTestId('version-previous'))
  screen.getByRole('article').focus()
  await userEvent.keyboard('{ArrowLeft}{ArrowRight}')
  expect(showVersion).toHaveBeenCalledTimes(2)
  expect(showVersion).toHaveBeenCalledWith('u1', 'u0')
})

it('stays as it is while an answer is written', async () => {
  const { startEditing } = show({ busy: true })
  await userEvent.click(screen.getByTestId('edit'))
  expect(startEditing).not.toHaveBeenCalled()
})
