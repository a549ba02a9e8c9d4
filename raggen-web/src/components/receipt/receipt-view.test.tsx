import { screen } from '@testing-library/react'
import { describe, expect, it } from 'vitest'

import { ReceiptView } from './receipt-view'

import type { Receipt } from '@/components/api/wire'
import { ProvidersProvider } from '@/components/providers/providers-context'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { receipt } from '@/components/testing/prompt'
import { serve } from '@/components/testing/serve'

const SELECTION = { providerId: 's1', model: 'qwen' }
const SERVER = { id: 's1', kind: 'openai', name: 'Ollama', hasKey: false, available: true }

function show(shown: Receipt, locale: TestLocale = 'en') {
  serve({
    'GET /api/providers': () => ({
      providers: [{ ...SERVER, models: ['qwen'] }],
      selection: SELECTION,
    }),
  })
  return renderIn(
    locale,
    <ProvidersProvider initial={SELECTION}>
      <ReceiptView receipt={shown} />
    </ProvidersProvider>,
  )
}

/** The facts as they are read: name → value. */
async function facts(): Promise<Record<string, string>> {
  await screen.findByText('Ollama')
  const list = document.querySelector('dl')!
  const names = [...list.querySelectorAll('dt')].map((name) => name.textContent)
  const values = [...list.querySelectorAll('dd')].map((value) => value.textContent)
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
}

describe('a receipt', () => {
  it('says who answered, with what, from which context and how long it took', async () => {
    show(receipt())
    expect(await facts()).toEqual({
      'Who answers': 'Ollama',
      Model: 'qwen',
      temperature: '0.3',
      max_tokens: '500',
      Context: 'searched for this answer',
      Time: expect.stringContaining('11:05') as string,
      Took: 'search 0.04 s · first word after 0.81 s · all of it 12.3 s',
    })
    expect(screen.getAllByTestId('receipt-message')).toHaveLength(3)
  })

  it('says it in Russian', async () => {
    show(receipt({ origin: 'same-context' }), 'ru')
    expect(await facts()).toMatchObject({
      'Кто отвечает': 'Ollama',
      Контекст: 'взят из прежнего ответа',
      Заняло: 'поиск 0,04 с · первое слово через 0,81 с · всего 12,3 с',
    })
  })

  it('of an answer that was cut off says only what is known', async () => {
    show(receipt({ timings: { retrievalMs: 42, firstTokenMs: null, totalMs: null } }))
    expect((await facts()).Took).toBe('search 0.04 s')
  })

  it('of an earlier version shows the size where the parts were not kept', async () => {
    show(receipt({ parts: null, tokens: 1 }))
    expect((await facts()).Size).toBe('about 1 token')
    expect(screen.queryByTestId('token-bar')).toBeNull()
  })

  it.each([
    ['en', 'No model was asked.'],
    ['ru', 'Модель не спрашивали.'],
  ] as const)('of quotations says that no model was asked (%s)', (locale, sentence) => {
    const nothing = { messages: [], parts: null, tokens: null, parameters: {} }
    show(receipt({ provider: 'quotations', model: null, ...nothing }), locale)
    expect(screen.getByText(sentence, { exact: false })).toBeTruthy()
    expect(screen.queryByTestId('receipt-message')).toBeNull()
    expect(screen.queryByText('Model', { selector: 'dt' })).toBeNull()
  })
})
