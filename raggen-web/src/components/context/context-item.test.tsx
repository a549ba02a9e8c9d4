import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'

import { ContextPanel } from './context-panel'

import type { ContextItem } from '@/chat/message'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { contextItem } from '@/components/testing/memory'
import { serve } from '@/components/testing/serve'

function show(locale: TestLocale, ...items: Partial<ContextItem>[]) {
  renderIn(
    locale,
    <ContextPanel
      id="panel"
      memory={{
        state: 'used',
        items: items.map((changes, index) =>
          contextItem({ itemId: `item-${index + 1}`, rank: index + 1, ...changes }),
        ),
        tookMs: 5,
        earlier: null,
      }}
      chatId="this-chat"
      byQuotations={false}
    />,
  )
  return screen.getAllByTestId('context-item')
}

describe('what was left out', () => {
  it.each([
    ['en', 'budget', 'No room was left'],
    ['en', 'duplicate', 'conversation itself already says this'],
    ['en', 'similar', 'nearly the same as a better match'],
    ['en', 'limit', 'enough better matches'],
    ['ru', 'budget', 'Не поместилось'],
    ['ru', 'duplicate', 'уже сказано в самом разговоре'],
    ['ru', 'similar', 'Почти то же самое'],
    ['ru', 'limit', 'Хватило более близких'],
  ] as const)('says in %s why: %s', (locale, omitted, words) => {
    show(locale, {}, { included: false, omitted })
    expect(screen.getByTestId('context-omitted').textContent).toContain(words)
  })

  it('stands below what was given to the model', () => {
    const [first, second] = show('en', { included: false, omitted: 'similar' }, {})
    expect(first?.dataset).toMatchObject({ itemId: 'item-2', included: 'true' })
    expect(second?.dataset).toMatchObject({ itemId: 'item-1', omitted: 'similar' })
    expect(screen.getAllByRole('list')).toHaveLength(2)
  })
})

describe('why an item was picked', () => {
  it('knows every lane', () => {
    const [item] = show('en', {
      reasons: [{ kind: 'pinned' }, { kind: 'nearby' }, { kind: 'recent' }],
    })
    expect(within(item!).getByTestId('context-reason').textContent).toBe(
      'Why: pinned by you · said near another match · recent',
    )
  })

  it('gives the figure on request', async () => {
    const [item] = show('en', { relevance: 0.042, relevanceWord: 'low' })
    const relevance = within(item!).getByTestId('context-relevance')
    expect(relevance.textContent).toBe('Weak match')
    await userEvent.click(relevance)
    expect(relevance.textContent).toBe('Weak match· 4.2%')
  })
})

describe('what can be done with an item', () => {
  it('is to pin it, and to take that back', async () => {
    const asked = serve({ 'PATCH /api/memory/message-1': () => ({ item: {} }) })
    show('en', {})
    await userEvent.click(screen.getByTestId('context-pin'))
    const rules = screen.getByTestId('context-rules')
    expect(rules.textContent).toContain('goes with every answer')
    expect(document.activeElement).toBe(screen.getByTestId('context-rule-undo'))
    await userEvent.keyboard('{Enter}')
    expect(rules.dataset['rule']).toBe('none')
    expect(asked.map(({ body }) => body)).toEqual([{ pinned: true }, { pinned: false }])
  })

  it('is never to recall it again, and to take that back', async () => {
    const asked = serve({ 'PATCH /api/memory/message-1': () => ({ item: {} }) })
    show('ru', {})
    await userEvent.click(screen.getByTestId('context-exclude'))
    expect(screen.getByTestId('context-rules').textContent).toContain('не будет вспоминаться')
    await userEvent.click(screen.getByTestId('context-rule-undo'))
    expect(asked.map(({ body }) => body)).toEqual([{ excluded: true }, { excluded: false }])
  })

  it('says so when it was not saved, and leaves it to be tried again', async () => {
    serve({
      'PATCH /api/memory/message-1': () =>
        Response.json({ error: { code: 'message_not_found' } }, { status: 404 }),
    })
    show('en', {})
    await userEvent.click(screen.getByTestId('context-pin'))
    expect(screen.getByRole('alert').textContent).toContain('Not saved.')
    expect(screen.getByTestId('context-pin')).not.toHaveProperty('disabled', true)
  })

  it('is nothing for a chat that is gone', () => {
    show('en', { chatId: null, chatTitle: null })
    expect(screen.queryByTestId('context-rules')).toBeNull()
  })

  it('knows that it was pinned before', () => {
    show('en', { reasons: [{ kind: 'pinned' }] })
    expect(screen.getByTestId('context-rules').dataset['rule']).toBe('pinned')
  })
})
