import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'
import type { BlockList, Socket } from 'node:net'

import { CLIENT_HEADER, clientOf } from './client'

/** Node publishes every request here before any listener of the server sees it. */
const CHANNEL = 'http.server.request.start'

/**
 * Writes into each request of this process whom it is counted for. Route handlers do not see sockets,
 * and Next keeps an X-Forwarded-For that came from outside, filling in the socket's address only where
 * there is none: a handler cannot tell the two apart. So the address is taken where the socket is
 * known, and put under a name of raggen's own, over whatever came under that name.
 *
 * @returns Ends it.
 */
export function stampClients(trusted: BlockList): () => void {
  const stamp = (message: unknown) => {
    const { request, socket } = message as { request: IncomingMessage; socket: Socket }
    const forwarded = request.headers['x-forwarded-for']
    const said = Array.isArray(forwarded) ? forwarded.join(',') : forwarded
    request.headers[CLIENT_HEADER] = clientOf(socket.remoteAddress, said, trusted)
  }
  subscribe(CHANNEL, stamp)
  return () => void unsubscribe(CHANNEL, stamp)
}
