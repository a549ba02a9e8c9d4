import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, it, onTestFinished } from 'vitest'

import { CLIENT_HEADER, clientFrom, clientOf, trustedProxies } from './client'
import { stampClients } from './stamp'

const nobody = trustedProxies([])!
const proxies = trustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8'])!

describe('clientOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::5:6:7:8', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', 'unknown'],
  ])('%s counts as %s', (socket, client) => {
    expect(clientOf(socket, undefined, nobody)).toBe(client)
  })

  it.each([
    ['says who asked', '10.0.0.5', '198.51.100.4', '198.51.100.4'],
    ['is believed where it wrote itself: at the end', '10.0.0.5', '1.1.1.1, 8.8.8.8', '8.8.8.8'],
    ['may stand behind another', '127.0.0.1', '198.51.100.4, 10.2.3.4', '198.51.100.4'],
    ['may write a port', '10.0.0.5', '198.51.100.4:5123', '198.51.100.4'],
    ['may write brackets', '10.0.0.5', '[2001:db8::9]:80', '2001:db8:0:0::/64'],
    ['may be IPv6', 'fd00::5', '198.51.100.4', '198.51.100.4'],
    ['counts itself where it says nothing', '10.0.0.5', undefined, '10.0.0.5'],
    ['counts itself where it writes no address', '10.0.0.5', 'evil', '10.0.0.5'],
  ])('a trusted proxy %s', (_what, socket, forwarded, client) => {
    expect(clientOf(socket, forwarded, proxies)).toBe(client)
  })

  it('believes nobody else', () => {
    expect(clientOf('203.0.113.7', '198.51.100.4', proxies)).toBe('203.0.113.7')
    expect(clientOf('127.0.0.1', '198.51.100.4', nobody)).toBe('127.0.0.1')
  })
})

describe('trustedProxies', () => {
  it.each(['evil', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', 'fd00::/129', '10.0.0'])(
    'refuses %s',
    (entry) => expect(trustedProxies(['127.0.0.1', entry])).toBeNull(),
  )
})

describe('stampClients', () => {
  it('says over a real socket who asks, whatever the request says itself', async () => {
    onTestFinished(stampClients(nobody))
    const server = createServer(({ headers }, response) => {
      response.end(clientFrom(new Headers(headers as Record<string, string>)))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const headers = { [CLIENT_HEADER]: '1.2.3.4', 'X-Forwarded-For': '5.6.7.8' }
    const answer = await new Promise<string>((resolve, reject) => {
      request({ port, host: '127.0.0.1', headers }, (response) => {
        response.setEncoding('utf8').on('data', resolve)
      })
        .on('error', reject)
        .end()
    })
    expect(answer).toBe('127.0.0.1')
  })
})
