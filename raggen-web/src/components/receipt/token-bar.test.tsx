import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { TokenBar } from './token-bar'

import { renderIn } from '@/components/testing/in-language'
import { modelPrompt } from '@/components/testing/prompt'

const PARTS = ['instructions', 'context', 'history', 'question'] as const
const figures = () => PARTS.map((part) => screen.getByTestId(`tokens-${part}`).textContent)
/** Of the bar's pieces, in percent. */
const widths = () =>
  [...screen.getByTestId('token-bar').querySelectorAll<HTMLElement>('[style]')].map((piece) =>
    parseFloat(piece.style.width),
  )

describe('the shares of the window', () => {
  it('are told in figures and drawn to scale', () => {
    renderIn('en', <TokenBar prompt={modelPrompt()} />)
    expect(screen.getByRole('heading').textContent).toBe('1,640 of the model’s 8,192 tokens')
    expect(figures()).toEqual(['Instructions320', 'Memory1,200', 'Conversation0', 'Question120'])
    expect(widths().map(Math.round)).toEqual([4, 15, 0, 1])
    const { textContent } = screen.getByTestId('token-bar')
    expect(textContent).toContain('A safe estimate')
    expect(textContent).toContain('Kept free for the answer: 1,024 tokens.')
    expect(screen.queryByTestId('left-out')).toBeNull()
  })

  it('are told in Russian, with what was left out', () => {
    const leftOut = { turns: 3, tokens: 2500 }
    renderIn('ru', <TokenBar prompt={modelPrompt({ countedBy: 'tokenizer', leftOut })} />)
    expect(screen.getByRole('heading').textContent).toMatch(
      /^1\s640 из 8\s192 токенов окна модели$/,
    )
    expect(figures()[1]).toMatch(/^Память1\s200$/)
    expect(screen.getByTestId('token-bar').textContent).toContain('токенизатором самой модели')
    const left = screen.getByTestId('left-out').textContent
    expect(left).toMatch(/3 самых ранних сообщения разговора \(токенов: около 2\s500\)/)
  })

  it('are of each other where the window is not known', () => {
    renderIn('en', <TokenBar prompt={modelPrompt({ windowTokens: null, answerTokens: null })} />)
    expect(screen.getByRole('heading').textContent).toBe('1,640 tokens')
    expect(widths().reduce((sum, width) => sum + width)).toBeCloseTo(100)
    expect(screen.queryByText('Kept free', { exact: false })).toBeNull()
  })

  it('can be seen however small a part is', () => {
    const parts = { instructions: 1, context: 100_000, history: 0, question: 1 }
    renderIn('en', <TokenBar prompt={modelPrompt({ parts, windowTokens: 200_000 })} />)
    const [instructions, , history] = widths()
    expect(instructions).toBeGreaterThanOrEqual(0.5)
    expect(history).toBe(0)
  })

  it('are nothing where nobody counted them', () => {
    renderIn('en', <TokenBar prompt={modelPrompt({ parts: null })} />)
    expect(screen.queryByTestId('token-bar')).toBeNull()
  })
})
