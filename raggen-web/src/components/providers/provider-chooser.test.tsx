import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { ProviderChooser } from './provider-chooser'
import { ProvidersProvider } from './providers-context'

import type { Providers } from '@/components/api/wire'
import { renderIn, type TestLocale } from '@/components/testing/in-language'

const FOUND = { name: 'Ollama', baseUrl: 'http://127.0.0.1:11434/v1', models: ['qwen', 'gemma'] }
const SERVER = { id: 's1', kind: 'openai', hasKey: false, available: true, ...FOUND } as const

/** A server in miniature: answers by method and path, keeps what was asked. */
function serve(answers: Record<string, (body: unknown) => Response | object>) {
  const asked: { call: string; body: unknown }[] = []
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    const call = `${init?.method ?? 'GET'} ${path}`
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined
    asked.push({ call, body })
    const answer = answers[call]?.(body) ?? new Response(null, { status: 404 })
    return Promise.resolve(answer instanceof Response ? answer : Response.json(answer))
  })
  return asked
}

let state: Providers
let answers: Parameters<typeof serve>[0]

beforeEach(() => {
  const own = { hasKey: false, available: true }
  state = {
    providers: [
      { id: 'quotations', kind: 'quotations', name: 'quotations', models: [], ...own },
      { id: 'local', kind: 'local', name: 'local', models: ['smol'], ...own },
    ],
    selection: { providerId: 'quotations', model: null },
  }
  answers = {
    'GET /api/providers': () => state,
    'GET /api/providers/discovered': () => ({ servers: [FOUND] }),
    'PUT /api/selection': () => new Response(null, { status: 204 }),
  }
})

function show(locale: TestLocale = 'en') {
  const asked = serve(answers)
  renderIn(
    locale,
    <ProvidersProvider initial={state.selection}>
      <ProviderChooser />
    </ProvidersProvider>,
  )
  return asked
}

const checked = () => screen.getByRole('radio', { checked: true }).dataset.testid

describe('the three ways', () => {
  it.each([
    ['en', ['Quotations from memory', 'Small local model', 'Your server'], 'English only'],
    ['ru', ['Цитаты из памяти', 'Маленькая локальная модель', 'Ваш сервер'], 'только английский'],
  ] as const)('are named honestly in %s', async (locale, names, warning) => {
    show(locale)
    const radios = screen.getAllByRole('radio')
    names.forEach((name, index) => expect(radios[index]?.textContent).toContain(name))
    expect(radios[1]?.textContent).toContain(warning)
    expect(checked()).toBe('provider-card-quotations')
    await screen.findByTestId('discovered-server')
  })

  it('chooses the small model at once', async () => {
    const asked = show()
    await screen.findByTestId('discovered-server')
    await userEvent.click(screen.getByTestId('provider-card-local'))
    expect(checked()).toBe('provider-card-local')
    expect(asked).toContainEqual({
      call: 'PUT /api/selection',
      body: { providerId: 'local', model: 'smol' },
    })
  })

  it('puts the former choice back when it was not saved', async () => {
    answers['PUT /api/selection'] = () => new Response(null, { status: 500 })
    show()
    await screen.findByTestId('discovered-server')
    await userEvent.click(screen.getByTestId('provider-card-local'))
    expect((await screen.findByRole('alert')).textContent).toContain('was not saved')
    expect(checked()).toBe('provider-card-quotations')
  })
})

describe('your server', () => {
  it('connects what was found with one click, and lets it answer', async () => {
    answers['POST /api/providers'] = () => {
      state.providers.push({ ...SERVER })
      return Response.json({}, { status: 201 })
    }
    answers['PUT /api/selection'] = (body) => {
      state.selection = body as Providers['selection']
      return new Response(null, { status: 204 })
    }
    const asked = show()
    await userEvent.click(await screen.findByTestId('discovered-server'))
    await waitFor(() => expect(checked()).toBe('provider-card-openai'))
    expect(asked).toContainEqual({
      call: 'POST /api/providers',
      body: { name: 'Ollama', baseUrl: FOUND.baseUrl },
    })
    expect(state.selection).toEqual({ providerId: 's1', model: 'qwen' })
    expect(screen.queryByTestId('discovered-server')).toBeNull()
  })

  it('explains a server that does not answer and keeps what was typed', async () => {
    answers['POST /api/providers'] = () =>
      Response.json({ error: { code: 'provider_unreachable' } }, { status: 502 })
    show('ru')
    await screen.findByTestId('discovered-server')
    await userEvent.click(screen.getByTestId('provider-card-openai'))
    const url = screen.getByTestId<HTMLInputElement>('server-url-input')
    await userEvent.type(url, 'http://127.0.0.1:9/v1')
    await userEvent.type(screen.getByTestId('server-key-input'), 'secret')
    await userEvent.click(screen.getByTestId('server-connect'))
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('Сервер http://127.0.0.1:9/v1 не подключён')
    expect(alert.textContent).toContain('Сервер не отвечает')
    expect(url.value).toBe('http://127.0.0.1:9/v1')
  })

  it('asks for a real address before asking the server', async () => {
    const asked = show()
    await screen.findByTestId('discovered-server')
    await userEvent.click(screen.getByTestId('provider-card-openai'))
    await userEvent.type(screen.getByTestId('server-url-input'), 'ftp://x')
    await userEvent.click(screen.getByTestId('server-connect'))
    expect(screen.getByRole('alert').textContent).toContain('http:// or https://')
    expect(asked.some(({ call }) => call.startsWith('POST'))).toBe(false)
  })
})
