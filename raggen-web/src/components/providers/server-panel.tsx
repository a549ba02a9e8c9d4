'use client'

import { ConnectFailure } from './connect-failure'
import { ConnectedServers } from './connected-servers'
import { FoundServers } from './found-servers'
import { ServerForm } from './server-form'
import type { Connecting } from './use-connect'
import type { Found } from './use-found-servers'

/** All about servers: those connected, those found on this computer, and a form for any other. */
export function ServerPanel({ connecting, found }: { connecting: Connecting; found: Found }) {
  const { busy, failure, connectTo } = connecting
  return (
    <div className="space-y-5 text-sm">
      <ConnectedServers />
      <FoundServers found={found} busy={busy} onUse={(server) => void connectTo(server)} />
      <ServerForm busy={busy !== null} onSubmit={connectTo} />
      {failure && <ConnectFailure failure={failure} />}
    </div>
  )
}
