import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState } from 'react'
import { describe, expect, it } from 'vitest'

import { ContextSettingsFields } from './context-settings'
import { GenerationSettingsFields } from './generation-settings'
import { chatLayer } from './layer'

import { DEFAULTS, type ChatSettings, type Defaults } from '@/chat/settings'
import type { ChatSummary } from '@/components/api/wire'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { serve } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

const user = userEvent.setup()

const chat = (id: string, title: string): ChatSummary => ({
  id,
  title,
  titledBy: 'question',
  createdAt: '2026-11-20T10:00:00Z',
  updatedAt: '2026-11-20T10:00:00Z',
  pinnedAt: null,
  excludedAt: null,
})
const CHATS = [chat('c1', 'Archie the dog'), chat('c2', 'The boiler'), chat('c3', 'Арчи и гроза')]

/** All fields over what one chat sets itself; `own()` is what it sets by now. */
function show(
  locale: TestLocale = 'en',
  start: Partial<ChatSettings> = {},
  defaults: Defaults = DEFAULTS,
) {
  let latest: ChatSettings = { generation: {}, context: {}, ...start }
  function Fields() {
    const [own, setOwn] = useState(latest)
    const layer = chatLayer(own, defaults, (next) => {
      latest = next
      setOwn(next)
    })
    return (
      <>
        <ContextSettingsFields layer={layer} />
        <GenerationSettingsFields layer={layer} />
      </>
    )
  }
  serve({ 'GET /api/chats': () => ({ chats: CHATS }) })
  renderIn(
    locale,
    <ToastsProvider label="News" closeLabel="Close">
      <ChatListProvider initial={CHATS}>
        <Fields />
      </ChatListProvider>
    </ToastsProvider>,
  )
  return () => latest
}

const row = (name: string) => screen.getByTestId(`setting-${name}`)
const isChanged = (name: string) => row(name).dataset.changed
/** As a finger does: a range takes no typing in jsdom. */
const slide = (name: string, to: number) =>
  fireEvent.change(within(row(name)).getByRole('slider'), { target: { value: String(to) } })

describe('a switch', () => {
  it('turns a setting off with all that hangs on it, and goes back to the default', async () => {
    const own = show()
    const memory = screen.getByRole('switch', { name: 'Use memory' })
    expect(memory.getAttribute('aria-checked')).toBe('true')
    await user.click(memory)
    expect(own().context).toEqual({ enabled: false })
    expect(screen.queryByTestId('setting-count')).toBeNull()
    expect(isChanged('enabled')).toBe('true')
    await user.click(screen.getByRole('button', { name: 'Reset “Use memory”' }))
    expect(own().context).toEqual({})
    expect(screen.getByTestId('setting-count')).toBeTruthy()
  })

  it('is described by its sentence, and works by keyboard', async () => {
    const own = show('ru')
    const decline = screen.getByRole('switch', {
      name: 'Не гадать',
      description: /получит указание так и сказать/,
    })
    decline.focus()
    await user.keyboard(' ')
    expect(own().context).toEqual({ declineWithoutContext: true })
  })
})

describe('a slider', () => {
  it.each([
    ['en', 'count', 12, 'up to 12 messages'],
    ['ru', 'count', 1, 'до 1 сообщения'],
    ['ru', 'recency', 0.5, 'учитывать заметно'],
    ['en', 'recency', 1, 'counts most'],
  ] as const)('says its value in words (%s, %s)', (locale, name, value, words) => {
    const own = show(locale)
    slide(name, value)
    expect(own().context).toEqual({ [name]: value })
    expect(within(row(name)).getByRole('slider').getAttribute('aria-valuetext')).toBe(words)
    expect(row(name).querySelector('output')?.textContent).toBe(words)
  })

  it('writes percent as each language does', () => {
    show('ru', { context: { budgetShare: 0.35 } })
    expect(row('budgetShare').querySelector('output')?.textContent).toMatch(/^35\s%$/)
  })
})

describe('automatic, or one’s own', () => {
  it.each([
    ['relevance', 'minRelevance', 'context', 0.2, 0.6, 'Strong matches only'],
    ['temperature', 'temperature', 'generation', 0.7, 1.5, 'Very free; may lose the thread'],
  ] as const)('%s', async (choice, name, section, first, moved, words) => {
    const own = show()
    expect(within(row(name)).queryByRole('slider')).toBeNull()
    await user.click(screen.getByTestId(`${choice}-own`))
    expect(own()[section]).toEqual({ [name]: first })
    slide(name, moved)
    expect(own()[section]).toEqual({ [name]: moved })
    expect(row(name).textContent).toContain(words)
    await user.click(screen.getByTestId(`${choice}-automatic`))
    expect(own()[section]).toEqual({ [name]: null })
    expect(isChanged(name)).toBe('true')
    await user.click(screen.getByTestId(`reset-${name}`))
    expect(own()[section]).toEqual({})
    expect(isChanged(name)).toBe('false')
  })
})

describe('choices', () => {
  it('of languages hold one, or any', async () => {
    const own = show('ru')
    await user.click(screen.getByRole('radio', { name: 'Английский' }))
    expect(own().context).toEqual({ languages: ['en'] })
    await user.click(screen.getByRole('radio', { name: 'Любой' }))
    expect(own().context).toEqual({ languages: [] })
  })

  it('of chats hold once one is chosen, which is found by its title', async () => {
    const own = show()
    await user.click(screen.getByRole('radio', { name: 'Chosen chats' }))
    expect(own().context).toEqual({})
    expect(screen.getByText(/Choose at least one/)).toBeTruthy()
    await user.type(screen.getByRole('searchbox'), 'АРЧИ')
    expect(screen.getAllByTestId('chat-picker-chat')).toHaveLength(1)
    await user.click(screen.getByRole('checkbox', { name: 'Арчи и гроза' }))
    await user.clear(screen.getByRole('searchbox'))
    await user.click(screen.getByRole('checkbox', { name: 'The boiler' }))
    expect(own().context).toEqual({ scope: { kind: 'chats', chatIds: ['c3', 'c2'] } })
    expect(within(screen.getByTestId('chat-picker')).getByRole('status').textContent).toBe(
      '2 chosen',
    )
    await user.click(screen.getByRole('checkbox', { name: 'The boiler' }))
    await user.click(screen.getByRole('checkbox', { name: 'Арчи и гроза' }))
    expect(own().context).toEqual({ scope: { kind: 'chats', chatIds: ['c3'] } })
    await user.click(screen.getByRole('radio', { name: 'This chat only' }))
    expect(own().context).toEqual({ scope: { kind: 'this-chat' } })
  })

  it('say how many chosen chats are gone', () => {
    show('ru', { context: { scope: { kind: 'chats', chatIds: ['c1', 'x', 'y'] } } })
    expect(screen.getByText('2 выбранных чата удалены.')).toBeTruthy()
  })
})

describe('a number', () => {
  it.each([
    ['en', 'Write a whole number from 1 to 100,000'],
    ['ru', 'Напишите целое число от 1 до 100'],
  ] as const)(
    'that cannot be read keeps what was typed and what held (%s)',
    async (locale, words) => {
      const own = show(locale, { generation: { maxTokens: 300 } })
      const field = screen.getByTestId<HTMLInputElement>('max-tokens')
      expect(field.value).toBe('300')
      await user.clear(field)
      expect(own().generation).toEqual({ maxTokens: null })
      await user.type(field, '12 000x')
      expect(screen.getByRole('alert').textContent).toContain(words)
      expect(field.value).toBe('12 000x')
      expect(own().generation).toEqual({ maxTokens: 12_000 })
      await user.keyboard('{Backspace}{Tab}')
      expect(screen.queryByRole('alert')).toBeNull()
      expect(field.value).toBe('12000')
    },
  )
})

describe('instructions', () => {
  it('are kept as written; an empty field is none', async () => {
    const own = show()
    const field = screen.getByRole('textbox', { name: 'Instructions to the model' })
    await user.type(field, 'Answer briefly.')
    expect(own().generation).toEqual({ systemPrompt: 'Answer briefly.' })
    await user.clear(field)
    expect(own().generation).toEqual({ systemPrompt: null })
  })

  it.each([
    ['en', '1 character left'],
    ['ru', 'остался 1 знак'],
  ] as const)('say when there is little room left (%s)', (locale, words) => {
    show(locale, { generation: { systemPrompt: 'x'.repeat(19_999) } })
    expect(within(row('systemPrompt')).getByRole('status').textContent).toBe(words)
  })
})
