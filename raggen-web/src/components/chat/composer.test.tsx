import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { createRef } from 'react'
import { describe, expect, it, vi } from 'vitest'

import { Composer } from './composer'

import { RequestError } from '@/components/api/request'
import { renderIn, type TestLocale } from '@/components/testing/in-language'

type Options = Partial<Parameters<typeof Composer>[0]> & { locale?: TestLocale }

function show({ locale = 'en', ...changes }: Options = {}) {
  const onSend = vi.fn<(text: string) => Promise<boolean>>().mockResolvedValue(true)
  const onStop = vi.fn()
  const onEditLast = vi.fn()
  const tools = null
  const props = {
    draftName: 'chat-1',
    busy: false,
    failure: null,
    onSend,
    onStop,
    onEditLast,
    tools,
  }
  const field = createRef<HTMLTextAreaElement>()
  const view = renderIn(locale, <Composer field={field} {...props} {...changes} />)
  return {
    ...view,
    onSend,
    onStop,
    onEditLast,
    input: screen.getByTestId<HTMLTextAreaElement>('composer-input'),
  }
}

describe('writing', () => {
  it('sends with Enter, empties the field and keeps the focus there', async () => {
    const { input, onSend } = show()
    await userEvent.type(input, '  Hello{Enter}')
    expect(onSend).toHaveBeenCalledExactlyOnceWith('Hello')
    expect(input.value).toBe('')
    expect(document.activeElement).toBe(input)
  })

  it('starts a line with Shift+Enter', async () => {
    const { input, onSend } = show()
    await userEvent.type(input, 'one{Shift>}{Enter}{/Shift}two')
    expect(input.value).toBe('one\ntwo')
    expect(onSend).not.toHaveBeenCalled()
  })

  it('leaves Enter to an input method while it composes', () => {
    const { input, onSend } = show()
    fireEvent.change(input, { target: { value: 'にほ' } })
    fireEvent.keyDown(input, { key: 'Enter', isComposing: true })
    expect(onSend).not.toHaveBeenCalled()
  })

  it('sends nothing but words', async () => {
    const { input, onSend } = show()
    await userEvent.type(input, '   {Enter}')
    expect(onSend).not.toHaveBeenCalled()
    expect(screen.getByTestId('composer-send').getAttribute('aria-disabled')).toBe('true')
  })
})

describe('the last question', () => {
  it('is edited with ↑ in an empty field, not in a text', async () => {
    const { input, onEditLast } = show()
    await userEvent.type(input, 'one{ArrowUp}')
    expect(onEditLast).not.toHaveBeenCalled()
    await userEvent.clear(input)
    await userEvent.type(input, '{ArrowUp}')
    expect(onEditLast).toHaveBeenCalledOnce()
  })
})

describe('a text that is too long', () => {
  it('says by how much, and is not sent', async () => {
    const { input, onSend } = show({ locale: 'ru' })
    fireEvent.change(input, { target: { value: 'ж'.repeat(100_005) } })
    expect(screen.getByTestId('text-limit').textContent).toContain('Длиннее предела на 5')
    await userEvent.type(input, '{Enter}')
    expect(onSend).not.toHaveBeenCalled()
  })
})

describe('while an answer is written', () => {
  it('offers to stop it and lets the person type on', async () => {
    const { input, onSend, onStop } = show({ busy: true, locale: 'ru' })
    await userEvent.type(input, 'дальше{Enter}')
    expect(onSend).not.toHaveBeenCalled()
    expect(input.value).toBe('дальше')
    await userEvent.click(screen.getByRole('button', { name: 'Остановить ответ' }))
    expect(onStop).toHaveBeenCalledOnce()
  })
})

describe('the draft', () => {
  it('outlives the page, per chat', async () => {
    const first = show()
    await userEvent.type(first.input, 'half a thought')
    first.unmount()
    const other = show({ draftName: 'chat-2' })
    expect(other.input.value).toBe('')
    other.unmount()
    expect(show().input.value).toBe('half a thought')
  })

  it('comes back when the message could not be sent', async () => {
    const onSend = vi.fn().mockResolvedValue(false)
    const { input } = show({ onSend })
    await userEvent.type(input, 'do not lose me{Enter}')
    await waitFor(() => expect(input.value).toBe('do not lose me'))
    expect(localStorage.getItem('raggen.draft.chat-1')).toBe('do not lose me')
  })

  it('is gone once the message is taken', async () => {
    const { input } = show()
    await userEvent.type(input, 'sent{Enter}')
    await waitFor(() => expect(localStorage.getItem('raggen.draft.chat-1')).toBeNull())
  })
})

describe('a message that was not sent', () => {
  it.each([
    ['en', 'network', 'raggen is not answering'],
    ['en', 'text_too_long', 'too long'],
    ['ru', 'network', 'raggen не отвечает'],
    ['ru', 'no_such_code', 'Что-то пошло не так'],
  ] as const)('is explained in %s: %s', (locale, code, words) => {
    localStorage.setItem('raggen.draft.chat-1', 'kept')
    show({ locale, failure: new RequestError(code, 0) })
    expect(screen.getByRole('alert').textContent).toContain(words)
  })

  it('is no longer told of once its text was taken out of the field', async () => {
    localStorage.setItem('raggen.draft.chat-1', 'no, better not')
    const { input } = show({ failure: new RequestError('network', 0) })
    expect(screen.getByTestId('composer-failure')).toBeTruthy()
    await userEvent.clear(input)
    expect(screen.queryByTestId('composer-failure')).toBeNull()
  })

  it('is sent again by the button', async () => {
    localStorage.setItem('raggen.draft.chat-1', 'again')
    const { onSend } = show({ failure: new RequestError('network', 0) })
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }))
    expect(onSend).toHaveBeenCalledExactlyOnceWith('again')
  })
})
