import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'

import { ProvidersProvider } from './providers-context'
import { ServerEdit } from './server-edit'
import { ServerForm } from './server-form'

import type { Provider } from '@/components/api/wire'
import { renderIn, type TestLocale } from '@/components/testing/in-language'
import { serve, type Answers } from '@/components/testing/serve'

const URL = 'http://127.0.0.1:11434/v1'
const SERVER: Provider = {
  id: 's1',
  kind: 'openai',
  name: 'Gateway',
  baseUrl: URL,
  hasKey: true,
  models: ['tiny'],
  available: true,
  options: { headerNames: ['x-key', 'x-team'] },
}
const user = userEvent.setup()
const rows = () => screen.queryAllByTestId('server-header')
const part = (row: number, name: 'name' | 'value') =>
  within(rows()[row]!).getByTestId<HTMLInputElement>(`server-header-${name}`)

/** Adds a row and fills it. */
async function add(name: string, value: string) {
  await user.click(screen.getByTestId('server-header-add'))
  const last = rows().length - 1
  if (name) await user.type(part(last, 'name'), name)
  if (value) await user.type(part(last, 'value'), value)
}

function showForm(locale: TestLocale = 'en') {
  const onSubmit = vi.fn(() => Promise.resolve(true))
  renderIn(locale, <ServerForm busy={false} onSubmit={onSubmit} />)
  return onSubmit
}

async function submit() {
  await user.type(screen.getByTestId('server-url-input'), URL)
  await user.click(screen.getByTestId('server-connect'))
}

describe('headers of a new server', () => {
  it('go with it, and leave the form once it is connected', async () => {
    const onSubmit = showForm()
    await user.click(screen.getByText('Extra headers', { selector: 'summary' }))
    await add('X-Key', 'secret')
    await add('x-team', 'blue')
    await add('', '')
    expect(part(0, 'value').type).toBe('password')
    await submit()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({
      baseUrl: URL,
      headers: { 'X-Key': 'secret', 'x-team': 'blue' },
    })
    expect(rows()).toHaveLength(0)
  })

  it.each([
    ['en', [['x-team', '']], 'Every header needs a name and a value.'],
    ['ru', [['', 'синий']], 'У каждого заголовка должны быть имя и значение.'],
    [
      'en',
      [
        ['x-team', 'a'],
        ['X-Team', 'b'],
      ],
      'The header X-Team is there twice. Keep one.',
    ],
    [
      'ru',
      [
        ['x-team', 'a'],
        ['X-Team', 'b'],
      ],
      'Заголовок X-Team указан дважды. Оставьте один.',
    ],
  ] as const)(
    'are looked at before anybody is asked (%s, %j)',
    async (locale, written, sentence) => {
      const onSubmit = showForm(locale)
      for (const [name, value] of written) await add(name, value)
      await submit()
      expect(screen.getByRole('alert').textContent).toBe(sentence)
      expect(onSubmit).not.toHaveBeenCalled()
    },
  )

  it('keep the focus where one comes or goes', async () => {
    showForm()
    await user.click(screen.getByText('Extra headers', { selector: 'summary' }))
    for (const name of ['x-one', 'x-two', 'x-three']) {
      await user.click(screen.getByTestId('server-header-add'))
      expect(document.activeElement).toBe(part(rows().length - 1, 'name'))
      await user.keyboard(name)
    }
    const removal = (name: string) =>
      screen.getByRole('button', { name: `Remove the header ${name}` })
    await user.click(removal('x-two'))
    expect(document.activeElement).toBe(removal('x-three'))
    await user.keyboard('{Enter}')
    expect(document.activeElement).toBe(removal('x-one'))
    await user.keyboard('{Enter}')
    expect(document.activeElement).toBe(screen.getByTestId('server-header-add'))
  })

  it('are none where nobody writes any', async () => {
    const onSubmit = showForm()
    await submit()
    expect(onSubmit).toHaveBeenCalledExactlyOnceWith({ baseUrl: URL })
  })
})

describe('headers of a connected server', () => {
  async function showEdit(answers: Answers = {}, locale: TestLocale = 'en') {
    const onDone = vi.fn()
    const asked = serve({
      'GET /api/providers': () => ({ providers: [SERVER], selection: SELECTION }),
      'PATCH /api/providers/s1': () => ({}),
      ...answers,
    })
    renderIn(
      locale,
      <ProvidersProvider initial={SELECTION}>
        <ServerEdit server={SERVER} onDone={onDone} />
      </ProvidersProvider>,
    )
    const patched = () => asked.find(({ call }) => call.startsWith('PATCH'))?.body
    return { onDone, patched }
  }
  const SELECTION = { providerId: 's1', model: 'tiny' }

  it('stand there by their names alone; one stays, one is written anew, one goes, one comes', async () => {
    const { onDone, patched } = await showEdit()
    expect(rows().map((_, index) => part(index, 'name').value)).toEqual(['x-key', 'x-team'])
    expect(part(0, 'name').readOnly).toBe(true)
    expect(part(0, 'value').value).toBe('')
    expect(part(0, 'value').placeholder).toBe('leave empty to keep it')
    await user.click(screen.getByRole('button', { name: 'Remove the header x-team' }))
    await add('x-room', '7')
    await user.click(screen.getByRole('button', { name: 'Save' }))
    expect(patched()).toMatchObject({ headers: { 'x-key': null, 'x-room': '7' } })
    expect(onDone).toHaveBeenCalledOnce()
  })

  it('explain what the server refuses by its name', async () => {
    const error = { code: 'header_reserved', requestId: 'r', detail: { name: 'Host' } }
    const { onDone } = await showEdit(
      { 'PATCH /api/providers/s1': () => Response.json({ error }, { status: 422 }) },
      'ru',
    )
    await add('Host', 'evil.example')
    await user.click(screen.getByRole('button', { name: 'Сохранить' }))
    expect((await screen.findByRole('alert')).textContent).toContain('Заголовок Host задать нельзя')
    expect(part(2, 'value').value).toBe('evil.example')
    expect(onDone).not.toHaveBeenCalled()
  })
})
