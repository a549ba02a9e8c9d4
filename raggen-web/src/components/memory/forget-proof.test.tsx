import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { ForgetProof } from './forget-proof'
import type { Proof } from './memory-item'

import { renderIn } from '@/components/testing/in-language'

const GONE: Proof = {
  gone: true,
  item: 'absent',
  search: { asked: 'My dog fears thunder.', found: false },
  outbox: false,
  receipts: 0,
}

const states = () =>
  screen.getAllByRole('listitem').map(({ dataset }) => [dataset.testid, dataset.state])

describe('the proof of forgetting', () => {
  it.each([
    ['en', 'Searched memory again for “My dog fears thunder.”: nothing found'],
    ['ru', 'Поискали в памяти ещё раз «My dog fears thunder.»: ничего не нашлось'],
  ] as const)('says in %s where was looked, and that nothing was found', (locale, sentence) => {
    renderIn(locale, <ForgetProof proof={GONE} erased={false} />)
    expect(screen.getByText(sentence)).toBeTruthy()
    expect(states()).toEqual([
      ['proof-item', 'done'],
      ['proof-search', 'done'],
      ['proof-outbox', 'done'],
      ['proof-receipts', 'done'],
      ['proof-chat', 'known'],
    ])
  })

  it('claims nothing while nobody answers', () => {
    const waiting = { ...GONE, gone: false, item: 'unknown', search: null, outbox: true } as const
    renderIn('en', <ForgetProof proof={waiting} erased />)
    expect(states()).toEqual([
      ['proof-item', 'waiting'],
      ['proof-search', 'waiting'],
      ['proof-outbox', 'waiting'],
      ['proof-receipts', 'done'],
      ['proof-chat', 'done'],
    ])
  })

  it('does not hide what is left', () => {
    const asked = 'word '.repeat(100)
    const left = { ...GONE, item: 'present', search: { asked, found: true }, receipts: 2 } as const
    renderIn('ru', <ForgetProof proof={left} erased={false} />)
    expect(
      states()
        .slice(0, 4)
        .map(([, state]) => state),
    ).toEqual(['left', 'left', 'done', 'left'])
    expect(screen.getByText('Эти слова ещё есть в 2 ответах')).toBeTruthy()
    expect(screen.getByTestId('proof-search').textContent.length).toBeLessThan(200)
  })
})
