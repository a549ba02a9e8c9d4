import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'

import { ChatSessionsProvider } from './chat-sessions-context'
import { useConversation } from './use-conversation'

import type { AnswerStatus, ChatMessage } from '@/chat/message'
import { ChatListProvider } from '@/components/chats/chat-list-context'
import { ProvidersProvider, useProviders } from '@/components/providers/providers-context'
import { SettingsProvider } from '@/components/settings/settings-context'
import { useChatSettings } from '@/components/settings/use-chat-settings'
import { serve as answerWith } from '@/components/testing/serve'

const QUOTATIONS = { providerId: 'quotations', model: null }

afterEach(() => vi.unstubAllGlobals())

function Providers({ children }: { children: ReactNode }) {
  return (
    <ChatListProvider initial={[]}>
      <ProvidersProvider initial={QUOTATIONS}>
        <ChatSessionsProvider>
          <SettingsProvider>{children}</SettingsProvider>
        </ChatSessionsProvider>
      </ProvidersProvider>
    </ChatListProvider>
  )
}

const NONE: ChatMessage[] = []
const open = (messages = NONE) => {
  const initial = { messages, earlier: false }
  return renderHook(() => useConversation('c1', initial), { wrapper: Providers })
}

/** The server as `respond` plays it; the list of chats is empty. */
function serve(respond: () => Response) {
  vi.stubGlobal('fetch', (path: string) =>
    Promise.resolve(path.endsWith('/messages') ? respond() : Response.json({ chats: [] })),
  )
}

it('has sent as soon as the server took the message, while the answer is still on its way', async () => {
  const endless = new ReadableStream({ pull: () => new Promise(() => {}) })
  serve(() => new Response(endless, { headers: { 'content-type': 'text/event-stream' } }))
  const { result } = open()
  expect(await act(() => result.current.send('Hello'))).toBe(true)
  expect(result.current.busy).toBe(true)
  expect(result.current.messages).toMatchObject([{ role: 'user' }])
})

it('brings an answer that is written elsewhere to its end', async () => {
  const answer = (status: AnswerStatus, text: string): ChatMessage => ({
    id: 'a1',
    role: 'assistant',
    metadata: {
      createdAt: '2026-11-23T09:00:00Z',
      status,
      parentId: 'u1',
      siblings: { ids: ['a1'], index: 0 },
    },
    parts: [{ type: 'text', text }],
  })
  const now = { message: answer('streaming', 'Half ') }
  vi.stubGlobal('fetch', (path: string) => {
    // Nothing comes in any more: what there is has to be read.
    if (path.endsWith('/stream')) return Promise.resolve(new Response(null, { status: 204 }))
    const body = path === '/api/chats' ? { chats: [] } : { messages: [now.message] }
    return Promise.resolve(Response.json(body))
  })
  const { result } = open([answer('streaming', '')])
  const last = () => result.current.messages[0]
  const patience = { timeout: 5_000 }
  await waitFor(() => expect(last()?.parts).toMatchObject([{ text: 'Half ' }]), patience)
  now.message = answer('stopped', 'Half of it')
  await waitFor(() => expect(last()).toEqual(now.message), patience)
})

it('sends what was refused again under the same id', async () => {
  serve(() => Response.json({ error: { code: 'storage_full' } }, { status: 507 }))
  const { result } = open()
  expect(await act(() => result.current.send('Hello'))).toBe(false)
  await waitFor(() => expect(result.current.unsent?.failure.code).toBe('storage_full'))
  expect(result.current.messages).toEqual([])
  const { id } = result.current.unsent!
  await act(() => result.current.send('Hello'))
  expect(result.current.unsent).toMatchObject({ id, text: 'Hello' })
})

const said = (id: string, role: 'user' | 'assistant', parentId: string | null): ChatMessage => ({
  id,
  role,
  metadata: {
    createdAt: '2026-11-23T09:00:00Z',
    status: 'complete',
    parentId,
    siblings: { ids: [id], index: 0 },
  },
  parts: [{ type: 'text', text: id }],
})

it('asks an edited question beside the old one, and puts all back when that is refused', async () => {
  const posted: unknown[] = []
  vi.stubGlobal('fetch', (_path: string, init?: RequestInit) => {
    if (init?.method === 'POST') posted.push(JSON.parse(String(init.body)))
    const refused = Response.json({ error: { code: 'storage_full' } }, { status: 507 })
    return Promise.resolve(init?.method === 'POST' ? refused : Response.json({ chats: [] }))
  })
  const before = [said('u1', 'user', null), said('a1', 'assistant', 'u1')]
  const { result } = open([...before, said('u2', 'user', 'a1'), said('a2', 'assistant', 'u2')])
  const failure = await act(() => result.current.edit('u2', 'otherwise'))
  expect(failure?.code).toBe('storage_full')
  expect(posted).toMatchObject([{ message: { text: 'otherwise' }, parentId: 'a1' }])
  await waitFor(() => expect(result.current.messages.map(({ id }) => id)).toHaveLength(4))
  expect(result.current.messages.at(-1)?.id).toBe('a2')
})

it('asks for a further answer with the context that is wanted', async () => {
  const posted: unknown[] = []
  const endless = new ReadableStream({ pull: () => new Promise(() => {}) })
  vi.stubGlobal('fetch', (_path: string, init?: RequestInit) => {
    if (init?.method !== 'POST') return Promise.resolve(Response.json({ chats: [] }))
    posted.push(JSON.parse(String(init.body)))
    const headers = { 'content-type': 'text/event-stream' }
    return Promise.resolve(new Response(endless, { headers }))
  })
  const { result } = open([said('u1', 'user', null), said('a1', 'assistant', 'u1')])
  expect(await act(() => result.current.regenerate('a1', 'same'))).toBeNull()
  const message = { id: 'u1', text: 'u1' }
  expect(posted).toEqual([{ message, trigger: 'regenerate', context: 'same', answerId: 'a1' }])
  expect(result.current.messages.map(({ id }) => id)).toEqual(['u1'])
})

describe('after a choice that was not saved', () => {
  /** A chat whose person has just left its provider, and a server that keeps no settings. */
  async function leave() {
    const saving = { broken: true }
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) })
    const asked = answerWith({
      'GET /api/chats': () => ({ chats: [] }),
      'GET /api/chats/c1/settings': () => ({ settings: { generation: {}, context: {} } }),
      'PUT /api/chats/c1/settings': () =>
        saving.broken ? new Response(null, { status: 500 }) : new Response(null, { status: 204 }),
      'POST /api/chats/c1/messages': () =>
        new Response(endless, { headers: { 'content-type': 'text/event-stream' } }),
    })
    const initial = {
      messages: [said('u1', 'user', null), said('a1', 'assistant', 'u1')],
      earlier: false,
    }
    const useBoth = () => ({
      conversation: useConversation('c1', initial),
      settings: useChatSettings('c1', false),
    })
    const { result } = renderHook(useBoth, { wrapper: Providers })
    await waitFor(() => expect(result.current.settings.own).not.toBeNull())
    const { change, own } = result.current.settings
    act(() => change({ ...own!, selection: QUOTATIONS }))
    const calls = () => asked.map(({ call }) => call).filter((call) => !call.startsWith('GET'))
    return { result, saving, calls }
  }
  const SAVE = 'PUT /api/chats/c1/settings'
  const ASK = 'POST /api/chats/c1/messages'

  it('a message goes to nobody, and is sent once the choice is saved', async () => {
    const { result, saving, calls } = await leave()
    expect(await act(() => result.current.conversation.send('Between us'))).toBe(false)
    expect(calls()).toEqual([SAVE])
    const unsent = { text: 'Between us', failure: { code: 'settings_unsaved' } }
    expect(result.current.conversation.unsent).toMatchObject(unsent)
    saving.broken = false
    expect(await act(() => result.current.conversation.send('Between us'))).toBe(true)
    expect(calls()).toEqual([SAVE, SAVE, ASK])
  })

  it('no question is asked otherwise or again', async () => {
    const { result, calls } = await leave()
    const { edit, regenerate, retry } = result.current.conversation
    const unsaved = { code: 'settings_unsaved' }
    expect(await act(() => edit('u1', 'Between us'))).toMatchObject(unsaved)
    expect(await act(() => regenerate('a1', 'fresh'))).toMatchObject(unsaved)
    act(() => retry())
    await waitFor(() => expect(result.current.conversation.refusal).toMatchObject(unsaved))
    expect(calls()).toEqual([SAVE, SAVE, SAVE])
  })
})

describe('while the choice for new chats is on its way', () => {
  async function choosing(answer: Response) {
    const { promise, resolve } = Promise.withResolvers<Response>()
    const asked: string[] = []
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) })
    vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
      if (init?.method && init.method !== 'GET') asked.push(`${init.method} ${path}`)
      if (path === '/api/selection') return promise
      if (path.endsWith('/messages'))
        return Promise.resolve(
          new Response(endless, { headers: { 'content-type': 'text/event-stream' } }),
        )
      return Promise.resolve(new Response(null, { status: 503 }))
    })
    const useBoth = () => ({
      conversation: useConversation('c1', { messages: NONE, earlier: false }),
      providers: useProviders(),
    })
    const { result } = renderHook(useBoth, { wrapper: Providers })
    let sent: Promise<boolean> | undefined
    await act(async () => {
      void result.current.providers.select(QUOTATIONS).catch(() => {})
      sent = result.current.conversation.send('Between us')
      await Promise.resolve()
    })
    expect(asked).toEqual(['PUT /api/selection'])
    await act(async () => {
      resolve(answer)
      await sent
    })
    return { result, asked, sent }
  }

  it('a first message waits for it', async () => {
    const { asked, sent } = await choosing(new Response(null, { status: 204 }))
    expect(await sent).toBe(true)
    expect(asked).toEqual(['PUT /api/selection', 'POST /api/chats/c1/messages'])
  })

  it('a first message stays where it was not taken, and is sent when it is sent again', async () => {
    const { result, asked, sent } = await choosing(new Response(null, { status: 500 }))
    expect(await sent).toBe(false)
    expect(asked).toEqual(['PUT /api/selection'])
    expect(result.current.conversation.unsent).toMatchObject({
      text: 'Between us',
      failure: { code: 'settings_unsaved' },
    })
    expect(await act(() => result.current.conversation.send('Between us'))).toBe(true)
  })
})
