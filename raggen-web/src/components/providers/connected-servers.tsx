'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { useChoice } from './choice-context'
import { useProviders } from './providers-context'
import { ServerRow } from './server-row'

import type { ServerKind } from '@/components/api/wire'

/** The servers that are connected: which one answers, with which model; each can be changed or disconnected. */
export function ConnectedServers({ kind }: { kind: ServerKind }) {
  const t = useTranslations('providers')
  const { providers, disconnect, refresh } = useProviders()
  const { choose } = useChoice()
  const [failure, setFailure] = useState<'selectFailed' | 'removeFailed' | null>(null)
  const servers = providers?.filter((provider) => provider.kind === kind) ?? []
  if (servers.length === 0) return null

  async function attempt(action: Promise<void>, onFailure: 'selectFailed' | 'removeFailed') {
    setFailure(null)
    try {
      await action
    } catch {
      setFailure(onFailure)
      await refresh()
    }
  }

  return (
    <section aria-label={t('servers')}>
      <h3 className="font-medium">{t('servers')}</h3>
      <ul className="mt-2 space-y-1.5">
        {servers.map((server) => (
          <ServerRow
            key={server.id}
            server={server}
            onSelect={(model) =>
              void attempt(choose({ providerId: server.id, model }), 'selectFailed')
            }
            onRemove={() => void attempt(disconnect(server.id), 'removeFailed')}
          />
        ))}
      </ul>
      {failure && (
        <p role="alert" className="mt-2 text-danger">
          {t(failure)}
        </p>
      )}
    </section>
  )
}
