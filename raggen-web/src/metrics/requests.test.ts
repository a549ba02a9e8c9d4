import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, it, onTestFinished } from 'vitest'

import { meters } from './meters'
import { countRequests, nameRoute, templateOf } from './requests'

describe('templateOf', () => {
  it.each([
    ['/api/chats', {}, '/api/chats'],
    ['/api/chats', undefined, '/api/chats'],
    ['/api/chats/abc/stop', { chatId: 'abc' }, '/api/chats/[chatId]/stop'],
    ['/api/chats/stop/stop', { chatId: 'stop' }, '/api/chats/[chatId]/stop'],
    ['/api/chats/chats', { chatId: 'chats' }, '/api/chats/[chatId]'],
    ['/api/chats/a%20b', { chatId: 'a b' }, '/api/chats/[chatId]'],
    ['/api/chats/%61bc', { chatId: 'abc' }, '/api/chats/[chatId]'],
    ['/api/chats/a%2fb/stop', { chatId: 'a/b' }, '/api/chats/[chatId]/stop'],
    ['/api/chats/it%27s', { chatId: "it's" }, '/api/chats/[chatId]'],
    ['/api/chats/%E0%A4', { chatId: '%E0%A4' }, '/api/chats/[chatId]'],
    ['/api/chats/100%2525', { chatId: '100%25' }, '/api/chats/[chatId]'],
    ['/api/ch%61ts', undefined, '/api/chats'],
    ['/api/chats/somebody', { chatId: 'else' }, 'other'],
    ['/api/memory/m/proof', { messageId: 'm' }, '/api/memory/[messageId]/proof'],
    ['/readyz', undefined, '/readyz'],
  ])('%s', (path, params, template) => expect(templateOf(path, params)).toBe(template))
})

describe('countRequests', () => {
  /** A server whose handler names its route, as ours do; what it is asked for is counted. */
  async function counted(method: string, path: string, leaveAfterMs?: number) {
    const stop = countRequests()
    onTestFinished(stop)
    const server = createServer(({ headers, url = '' }, response) => {
      if (url.startsWith('/api/')) {
        nameRoute(new Headers(headers as Record<string, string>), '/api/chats/[chatId]')
      }
      if (leaveAfterMs === undefined) response.writeHead(url === '/secret' ? 404 : 200).end('x')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    meters().requests.reset()
    const headers = { 'x-raggen-request': '1' } // Somebody who would like to name another's.
    await new Promise<void>((resolve) => {
      const asking = request({ port, host: '127.0.0.1', method, path, headers }, (response) => {
        response.resume().on('end', resolve)
      })
      asking.on('error', () => resolve()).end()
      if (leaveAfterMs !== undefined) setTimeout(() => asking.destroy(), leaveAfterMs)
    })
    await expect.poll(async () => (await meters().requests.get()).values.length).toBe(1)
    return (await meters().requests.get()).values[0]?.labels
  }

  it('names what a handler answered by its route', async () => {
    expect(await counted('PATCH', '/api/chats/some-id?x=1')).toEqual({
      route: '/api/chats/[chatId]',
      method: 'PATCH',
      status: '200',
    })
  })

  it.each([
    ['/', '/', '200'],
    ['/chats/some-id?x', '/chats/[chatId]', '200'],
    ['/_next/static/chunks/a.js', '/_next', '200'],
    ['/secret', 'other', '404'],
  ])('names a page or file by what it is: %s', async (path, route, status) => {
    expect(await counted('GET', path)).toEqual({ route, method: 'GET', status })
  })

  it('counts whoever does not wait', async () => {
    expect(await counted('GET', '/api/x', 50)).toMatchObject({ status: '499' })
  })
})
