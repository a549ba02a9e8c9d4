'use client'

import { ConnectFailure } from './connect-failure'
import { ConnectedServers } from './connected-servers'
import { FoundServers } from './found-servers'
import { GigaChatForm } from './gigachat-form'
import { ServerForm } from './server-form'
import type { Connecting } from './use-connect'
import type { Found } from './use-found-servers'
import { YandexGptForm } from './yandexgpt-form'

import type { ServerKind } from '@/components/api/wire'

type ServerPanelProps = { kind: ServerKind; connecting: Connecting; found: Found }

/** All about one kind of server: those connected, those found on this computer, a form for another. */
export function ServerPanel({ kind, connecting, found }: ServerPanelProps) {
  const { busy, failure, connectTo } = connecting
  const form = { busy: busy !== null, onSubmit: connectTo }
  return (
    <div className="space-y-5 text-sm">
      <ConnectedServers kind={kind} />
      {kind === 'openai' && (
        <>
          <FoundServers found={found} busy={busy} onUse={(server) => void connectTo(server)} />
          <ServerForm {...form} />
        </>
      )}
      {kind === 'yandexgpt' && <YandexGptForm {...form} />}
      {kind === 'gigachat' && <GigaChatForm {...form} />}
      {failure && <ConnectFailure failure={failure} />}
    </div>
  )
}
