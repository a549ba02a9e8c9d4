import { describe, expect, it } from 'vitest'

import { contextItem } from '../../test/context-item'

import { withoutQuotes } from './quotes'

import { quotationsText } from '@/llm/quotations'

/** The whole text as its one quotable sentence. */
function quoting(texts: string[], chatTitle: string): string {
  const items = texts.map((text, index) =>
    contextItem(index + 1, text, {
      chatTitle,
      included: true,
      highlights: [{ start: 0, end: [...text].length }],
    }),
  )
  return quotationsText({ state: 'used', items }, 'en')
}

describe('an answer of quotations', () => {
  const SECRET = 'Archie *fears* thunder [at night] & <storms>: 1. hides'

  it('loses the quotations of what was erased, and keeps the others', () => {
    const answer = quoting([SECRET, 'Nina likes roses.'], 'Pets')
    const kept = withoutQuotes(answer, SECRET)
    expect(kept).not.toContain('thunder')
    expect(kept).toContain('> [deleted]')
    expect(kept).toContain('> Nina likes roses.')
    expect(kept.split('\n').slice(4)).toEqual(answer.split('\n').slice(4))
  })

  it('loses every line of a longer quotation', () => {
    const kept = withoutQuotes(
      quoting(['To buy:\n- milk\n- bread'], 'Pets'),
      'To buy:\n- milk\n- bread',
    )
    expect(kept).not.toMatch(/buy|milk|bread/)
  })

  it('loses the title that was made of it', () => {
    const answer = quoting(['Nina likes roses.'], SECRET)
    expect(withoutQuotes(answer, `${SECRET} and more`)).not.toContain('fears')
  })

  it('stays as it is where it quotes something else', () => {
    const answer = quoting(['Nina likes roses.'], 'Pets')
    expect(withoutQuotes(answer, SECRET)).toBe(answer)
  })
})
