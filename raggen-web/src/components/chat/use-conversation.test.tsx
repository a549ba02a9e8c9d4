import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'

import { ChatSessionsProvider } from './chat-sessions-context'
import { useConversation } from './use-conversation'

import type { AnswerStatus, ChatMessage } from '@/chat/message'
import { ChatListProvider } from '@/components/chats/chat-list-context'

afterEach(() => vi.unstubAllGlobals())

function Providers({ children }: { children: ReactNode }) {
  return (
    <ChatListProvider initial={[]}>
      <ChatSessionsProvider>{children}</ChatSessionsProvider>
    </ChatListProvider>
  )
}

const NONE: ChatMessage[] = []
const open = (initial = NONE) =>
  renderHook(() => useConversation('c1', initial), { wrapper: Providers })

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
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ messages: [now.message] })))
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
