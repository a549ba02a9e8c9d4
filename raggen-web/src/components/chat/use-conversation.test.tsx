import { act, renderHook, waitFor } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'

import { ChatSessionsProvider } from './chat-sessions-context'
import { useConversation } from './use-conversation'

import { ChatListProvider } from '@/components/chats/chat-list-context'

afterEach(() => vi.unstubAllGlobals())

function Providers({ children }: { children: ReactNode }) {
  return (
    <ChatListProvider initial={[]}>
      <ChatSessionsProvider>{children}</ChatSessionsProvider>
    </ChatListProvider>
  )
}

const open = () => renderHook(() => useConversation('c1', []), { wrapper: Providers })

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
