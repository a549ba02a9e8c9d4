import { randomUUID } from 'node:crypto'

import { expect, it } from 'vitest'

import { jsonRequest, say } from '../test/chat'
import { startWithModel } from '../test/model'
import { until } from '../test/until'

import { POST } from '@/app/api/chats/[chatId]/messages/route'

it('a request id goes to raggen-embed, to the provider, into every line and the receipt', async () => {
  const { embed, openai, runtime } = await startWithModel()
  await say('My dog Archie is afraid of thunder.')
  await until('it is remembered', () => embed.items.size > 0)
  runtime.lines.length = 0
  embed.requests.length = 0
  const id = `ask-${randomUUID()}`
  const chatId = randomUUID()
  const message = { id: randomUUID(), text: 'What is my dog Archie afraid of?' }
  const request = jsonRequest(`/api/chats/${chatId}/messages`, 'POST', { message })
  request.headers.set('x-request-id', id)
  const response = await POST(request, { params: Promise.resolve({ chatId }) })
  expect(response.headers.get('x-request-id')).toBe(id)
  await response.text()

  expect(openai.headers).toMatchObject({ 'x-request-id': id, 'x-client-request-id': id })
  const searches = embed.requests.filter(({ url }) => url === '/api/v1/search')
  expect(searches.map(({ requestId }) => requestId)).toEqual([id])
  const lines = runtime.lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const answered = lines.filter(({ message }) => ['request', 'answered'].includes(String(message)))
  expect(answered).toHaveLength(2)
  expect(lines.every(({ request_id }) => request_id === id)).toBe(true)
  const [answer] = (await runtime.store.messages.list(chatId)).slice(-1)
  const receipt = await runtime.store.receipts.find(answer!.id)
  expect(receipt?.parameters).toMatchObject({ 'x-request-id': id })
})

it('one that somebody else could abuse is replaced', async () => {
  const { openai } = await startWithModel()
  const chatId = randomUUID()
  const message = { id: randomUUID(), text: 'What is my dog afraid of?' }
  const request = jsonRequest(`/api/chats/${chatId}/messages`, 'POST', { message })
  request.headers.set('x-request-id', 'a b; DROP')
  const response = await POST(request, { params: Promise.resolve({ chatId }) })
  await response.text()
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  expect(openai.headers['x-request-id']).toBe(response.headers.get('x-request-id'))
})

it('work behind the requests has ids of its own, the same here and there', async () => {
  const { embed, runtime } = await startWithModel()
  embed.status = 503
  embed.failures = 3 // The search, asked twice, and the first item.
  await say('My dog Archie is afraid of thunder.')
  await until('it is remembered', () => embed.items.size > 0)
  const line = runtime.lines.find((line) => line.includes('not taking items'))
  expect(line).toBeDefined()
  const { request_id } = JSON.parse(line!) as { request_id: string }
  const sent = embed.requests.find(({ url, method }) => url === '/api/v1/items' && method === 'PUT')
  expect(request_id).toBe(sent?.requestId)
})
