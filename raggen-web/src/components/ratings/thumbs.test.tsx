import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { AnswerThumbs } from './answer-thumbs'
import { RatingsProvider } from './ratings-context'

import type { ChatMessage, Rating } from '@/chat/message'
import { ContextPanel } from '@/components/context/context-panel'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { usedMemory } from '@/components/testing/memory'
import { serve } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

function answer(rating?: Rating): ChatMessage {
  const siblings = { ids: ['a1'], index: 0 }
  const createdAt = '2026-11-23T08:00:00Z'
  const metadata = { createdAt, status: 'complete', parentId: 'u1', siblings, rating } as const
  return { id: 'a1', role: 'assistant', metadata, parts: [] }
}

function show(locale: TestLocale, rating?: Rating, answerId: string | null = 'a1') {
  renderIn(
    locale,
    <ToastsProvider label="news" closeLabel="close">
      <RatingsProvider>
        <AnswerThumbs answer={answer(rating)} />
        <ContextPanel
          id="panel"
          memory={usedMemory(2)}
          chatId="c"
          byQuotations={false}
          answerId={answerId}
        />
      </RatingsProvider>
    </ToastsProvider>,
  )
}

const pressed = (button: HTMLElement) => button.getAttribute('aria-pressed')
const PUT = 'PUT /api/messages/a1/rating'

describe('thumbs', () => {
  it.each([
    ['en', 'Good answer', 'Bad answer'],
    ['ru', 'Хороший ответ', 'Плохой ответ'],
  ] as const)('of an answer are toggles, of which one is pressed: %s', async (locale, up, down) => {
    const asked = serve({ [PUT]: (body) => body as object })
    show(locale)
    const user = userEvent.setup()
    const [good, bad] = [up, down].map((name) => screen.getByRole('button', { name }))
    expect([pressed(good!), pressed(bad!)]).toEqual(['false', 'false'])
    good!.focus()
    await user.keyboard('{Enter}')
    expect([pressed(good!), pressed(bad!)]).toEqual(['true', 'false'])
    await user.click(bad!)
    expect([pressed(good!), pressed(bad!)]).toEqual(['false', 'true'])
    await user.click(bad!)
    expect([pressed(good!), pressed(bad!)]).toEqual(['false', 'false'])
    expect(asked).toEqual([1, -1, null].map((rating) => ({ call: PUT, body: { rating } })))
  })

  it('show what was stored', () => {
    show('en', -1)
    expect(pressed(screen.getByRole('button', { name: 'Bad answer' }))).toBe('true')
  })

  it('of a piece of context go to that piece alone', async () => {
    const asked = serve({ 'PUT /api/messages/a1/context/item-2/rating': (body) => body as object })
    show('ru')
    const [first, second] = screen.getAllByRole('group', { name: 'Это было к месту?' })
    const no = within(second!).getByRole('button', { name: 'Не к месту' })
    await userEvent.click(no)
    expect(asked).toHaveLength(1)
    expect(pressed(no)).toBe('true')
    for (const button of within(first!).getAllByRole('button'))
      expect(pressed(button)).toBe('false')
  })

  it('are taken back where they are not stored, and it is said', async () => {
    serve({})
    show('en', 1)
    const bad = screen.getByRole('button', { name: 'Bad answer' })
    await userEvent.click(bad)
    await waitFor(() => expect(screen.getByTestId('toast').textContent).toContain('Not saved.'))
    expect(pressed(bad)).toBe('false')
    expect(pressed(screen.getByRole('button', { name: 'Good answer' }))).toBe('true')
  })

  it('go one after another, and a late failure takes back no newer one', async () => {
    const puts: { rating: unknown; answer: (status: number) => void }[] = []
    vi.stubGlobal('fetch', (_path: string, { body }: { body: string }) => {
      const { promise, resolve } = Promise.withResolvers<Response>()
      const { rating } = JSON.parse(body) as { rating: unknown }
      puts.push({ rating, answer: (status) => resolve(Response.json({}, { status })) })
      return promise
    })
    show('en')
    const good = screen.getByRole('button', { name: 'Good answer' })
    const bad = screen.getByRole('button', { name: 'Bad answer' })
    await userEvent.click(good)
    await userEvent.click(bad)
    await userEvent.click(good)
    expect(puts.map(({ rating }) => rating)).toEqual([1])
    puts[0]!.answer(500)
    await waitFor(() => expect(puts).toHaveLength(2))
    expect([pressed(good), pressed(bad)]).toEqual(['true', 'false'])
    puts[1]!.answer(200)
    await waitFor(() => expect(puts.map(({ rating }) => rating)).toEqual([1, -1, 1]))
    puts[2]!.answer(500)
    // What the server has is the one in the middle.
    await waitFor(() => expect([pressed(good), pressed(bad)]).toEqual(['false', 'true']))
  })

  it('are not there while the answer is written', () => {
    show('en', undefined, null)
    expect(screen.queryByRole('group', { name: 'Was this relevant?' })).toBeNull()
  })
})
