import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { GoldenDialog } from './golden-dialog'
import { GoldenSection } from './golden-section'

import type { ChatMessage, ContextItem } from '@/chat/message'
import type { GoldenQuestion } from '@/components/api/wire'
import { RatingsProvider } from '@/components/ratings/ratings-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { contextItem } from '@/components/testing/memory'
import { serve, type Answers } from '@/components/testing/serve'
import { ToastsProvider } from '@/components/ui/toasts'

const PATH = '/api/messages/a1/golden'

function piece(id: string, changes: Partial<ContextItem> = {}): ContextItem {
  return contextItem({ itemId: id, messageId: id, text: `Sentence ${id}.`, ...changes })
}

function golden(...expected: string[]): GoldenQuestion {
  return {
    questionId: 'u1',
    chatId: 'c1',
    chatTitle: 'Archie',
    text: 'What is my dog afraid of?',
    markedAt: '2026-11-23T08:00:00Z',
    expected: expected.map((messageId) => ({ messageId, relevance: 0.9 })),
  }
}

async function open(answers: Answers, items: ContextItem[], locale: TestLocale = 'en') {
  const asked = serve(answers)
  const data = { state: 'used' as const, items, tookMs: 1, earlier: null }
  const answer: ChatMessage = {
    id: 'a1',
    role: 'assistant',
    parts: [{ type: 'data-memory', id: 'memory', data }],
  }
  renderIn(
    locale,
    <ToastsProvider label="news" closeLabel="close">
      <RatingsProvider>
        <GoldenDialog answer={answer} />
      </RatingsProvider>
    </ToastsProvider>,
  )
  const name = locale === 'en' ? 'Golden question' : 'Контрольный вопрос'
  await userEvent.click(screen.getByRole('button', { name }))
  await screen.findByTestId('golden-save')
  return asked
}

const checked = () =>
  screen.getAllByRole<HTMLInputElement>('checkbox').map((choice) => choice.checked)

describe('a golden question', () => {
  it('proposes what has a thumb up, and is marked with what is chosen', async () => {
    const items = [piece('m1'), piece('m2', { rating: 1 }), piece('m3', { included: false })]
    const answers = {
      [`GET ${PATH}`]: () => ({ golden: null }),
      [`PUT ${PATH}`]: () => ({ golden: golden('m2', 'm3') }),
    }
    const asked = await open(answers, items)
    expect(checked()).toEqual([false, true, false])
    await userEvent.click(screen.getByRole('checkbox', { name: /Sentence m3/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Mark the question' }))
    await waitFor(() => expect(screen.queryByTestId('golden')).toBeNull())
    expect(asked.at(-1)).toEqual({ call: `PUT ${PATH}`, body: { expected: ['m2', 'm3'] } })
    expect(screen.getByTestId('toast').textContent).toContain('golden question now')
  })

  it('proposes what the answer was given where nothing was rated; something must be chosen', async () => {
    const elsewhere = piece('m4', { chatId: null, chatTitle: null })
    const items = [
      piece('m1'),
      piece('m2', { included: false }),
      piece('m3', { text: '' }),
      elsewhere,
    ]
    await open({ [`GET ${PATH}`]: () => ({ golden: null }) }, items, 'ru')
    expect(checked()).toEqual([true, false]) // What was forgotten, or is not here, is not offered.
    await userEvent.click(screen.getAllByRole('checkbox')[0]!)
    const save = screen.getByRole('button', { name: 'Сделать контрольным' })
    expect(save).toHaveProperty('disabled', true)
    expect(screen.getByRole('status').textContent).toBe('Отметьте хотя бы одно.')
  })

  it('keeps what another answer stood on, and can be unmarked', async () => {
    const answers = {
      [`GET ${PATH}`]: () => ({ golden: golden('m1', 'elsewhere') }),
      [`DELETE ${PATH}`]: () => new Response(null, { status: 204 }),
    }
    const asked = await open(answers, [piece('m1'), piece('m2')])
    expect(checked()).toEqual([true, false])
    await userEvent.click(screen.getByRole('checkbox', { name: /Sentence m2/ }))
    await userEvent.click(screen.getByRole('button', { name: 'Save' }))
    // The server knows no PUT here: it is said, and nothing that was chosen is lost.
    expect((await screen.findByRole('alert')).textContent).toContain('Not saved.')
    expect(asked.at(-1)?.body).toEqual({ expected: ['m1', 'elsewhere', 'm2'] })
    await userEvent.click(screen.getByRole('button', { name: 'Unmark' }))
    await waitFor(() => expect(asked.at(-1)?.call).toBe(`DELETE ${PATH}`))
  })

  it('keeps the focus on the pressed button, which does nothing more meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>()
    const asked = await open({ [`GET ${PATH}`]: () => ({ golden: golden('m1') }) }, [piece('m1')])
    const calls = asked.length
    const put = vi.fn(() => promise)
    vi.stubGlobal('fetch', put)
    const save = screen.getByRole('button', { name: 'Save' })
    await userEvent.click(save)
    await userEvent.click(save)
    await userEvent.click(screen.getByRole('button', { name: 'Unmark' }))
    expect([put.mock.calls.length, asked.length]).toEqual([1, calls])
    save.focus()
    resolve(new Response(null, { status: 404 }))
    await screen.findByRole('alert')
    expect(document.activeElement).toBe(save)
  })

  it('is not offered where an answer stood on nothing', () => {
    renderIn('en', <GoldenDialog answer={{ id: 'a1', role: 'assistant', parts: [] }} />)
    expect(screen.queryByTestId('golden-open')).toBeNull()
  })
})

describe('the list of golden questions', () => {
  it.each([
    ['en', '2 messages must be found', 'None yet.'],
    ['ru', 'должны найтись 2 сообщения', 'Пока нет.'],
  ] as const)('links to each and removes it: %s', async (locale, count, none) => {
    const asked = serve({
      'GET /api/quality/golden': () => ({ golden: [golden('m1', 'm2')] }),
      'DELETE /api/messages/u1/golden': () => new Response(null, { status: 204 }),
    })
    renderIn(
      locale,
      <ToastsProvider label="news" closeLabel="close">
        <GoldenSection />
      </ToastsProvider>,
    )
    const row = await screen.findByTestId('golden-row')
    expect(row.textContent).toContain(count)
    expect(screen.getByRole('link').getAttribute('href')).toBe('/chats/c1#m-u1')
    await userEvent.click(screen.getByTestId('golden-remove'))
    await waitFor(() => expect(screen.queryByTestId('golden-row')).toBeNull())
    expect(screen.getByTestId('golden-section').textContent).toContain(none)
    expect(asked.at(-1)?.call).toBe('DELETE /api/messages/u1/golden')
    expect(document.activeElement).toBe(screen.getByTestId('golden-section'))
  })

  it('passes the focus on to the row that takes the place', async () => {
    const three = ['u1', 'u2', 'u3'].map((questionId) => ({ ...golden('m1'), questionId }))
    serve({
      'GET /api/quality/golden': () => ({ golden: three }),
      'DELETE /api/messages/u2/golden': () => new Response(null, { status: 204 }),
      'DELETE /api/messages/u3/golden': () => new Response(null, { status: 204 }),
    })
    renderIn(
      'en',
      <ToastsProvider label="news" closeLabel="close">
        <GoldenSection />
      </ToastsProvider>,
    )
    await screen.findAllByTestId('golden-row')
    const buttons = () => screen.getAllByTestId('golden-remove')
    await userEvent.click(buttons()[1]!)
    await waitFor(() => expect(buttons()).toHaveLength(2))
    expect(document.activeElement).toBe(buttons()[1])
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(buttons()).toHaveLength(1))
    expect(document.activeElement).toBe(buttons()[0])
  })
})
