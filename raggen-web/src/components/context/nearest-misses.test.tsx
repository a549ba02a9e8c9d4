import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'

import { NoContext } from './no-context'

import { renderIn } from '@/components/testing/in-language'
import { contextItem } from '@/components/testing/memory'
import { serve, type Answers } from '@/components/testing/serve'

const CALL = 'GET /api/messages/answer-1/misses'

async function open(answers: Answers) {
  const asked = serve(answers)
  renderIn(
    'en',
    <NoContext state="nothing-relevant" onRequest={false} answerId="answer-1" chatId="this-chat" />,
  )
  expect(asked).toEqual([])
  await userEvent.click(screen.getByTestId('misses-open'))
  return screen.getByTestId('misses')
}

describe('the nearest misses', () => {
  it('are asked for on request, and say that none was used', async () => {
    const misses = await open({
      [CALL]: () => ({ items: [contextItem({ included: false, relevance: 0.02 })] }),
    })
    expect(misses.textContent).toContain('not close enough. None of it was used.')
    expect(screen.getAllByTestId('context-item')).toHaveLength(1)
    expect(misses.textContent).not.toContain('given to the model')
  })

  it('keep their place while the answer is written', async () => {
    const asked = serve({})
    renderIn(
      'en',
      <NoContext state="nothing-relevant" onRequest={false} answerId={null} chatId="this-chat" />,
    )
    const button = screen.getByTestId('misses-open')
    expect(button.getAttribute('aria-disabled')).toBe('true')
    await userEvent.click(button)
    expect(screen.queryByTestId('misses')).toBeNull()
    expect(asked).toEqual([])
  })

  it('may be none', async () => {
    const misses = await open({ [CALL]: () => ({ items: [] }) })
    expect(misses.textContent).toContain('Nothing else is remembered')
  })

  it('say why they cannot be shown', async () => {
    const misses = await open({
      [CALL]: () => Response.json({ error: { code: 'not_ready' } }, { status: 503 }),
    })
    expect(misses.textContent).toContain('raggen is still starting')
  })
})
