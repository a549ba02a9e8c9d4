'use client'

import { useTranslations } from 'next-intl'
import { RadioGroup } from 'radix-ui'
import { useId, useState } from 'react'

import { ConnectFailure } from './connect-failure'
import { FoundPills } from './found-pills'
import { ProviderCard } from './provider-card'
import { useProviders, useSelectedKind } from './providers-context'
import { ServerPanel } from './server-panel'
import { useConnect } from './use-connect'
import { useFoundServers } from './use-found-servers'

import type { ProviderKind } from '@/components/api/wire'

/** The three ways to get an answer, side by side. "Your server" opens the list of servers below. */
export function ProviderChooser() {
  const t = useTranslations('providers')
  const headingId = useId()
  const { providers, selection, select } = useProviders()
  const selectedKind = useSelectedKind()
  const [serversOpen, setServersOpen] = useState(false)
  const connecting = useConnect()
  const found = useFoundServers()
  const [failed, setFailed] = useState(false)
  const kind = serversOpen ? 'openai' : selectedKind
  const local = providers?.find((provider) => provider.kind === 'local')
  const server = providers?.find(({ id }) => id === selection.providerId)

  async function choose(next: ProviderKind) {
    setFailed(false)
    // A server is chosen only once one is connected: until then the former choice goes on answering.
    setServersOpen(next === 'openai')
    if (next === 'openai') return
    try {
      const model = next === 'local' ? (local?.models[0] ?? null) : null
      await select({ providerId: next, model })
    } catch {
      setFailed(true)
    }
  }

  return (
    <section aria-labelledby={headingId} className="mx-auto w-full max-w-3xl px-4">
      <h2 id={headingId} className="text-sm font-medium text-muted">
        {t('heading')}
      </h2>
      <RadioGroup.Root
        aria-labelledby={headingId}
        value={kind}
        onValueChange={(next) => void choose(next as ProviderKind)}
        className="mt-2.5 grid gap-2.5 sm:grid-cols-3"
      >
        <ProviderCard kind="quotations" />
        <ProviderCard kind="local" disabled={local?.available === false} />
        <ProviderCard
          kind="openai"
          // Also when it is chosen already: then no change of value would open the list.
          onClick={() => setServersOpen(true)}
          detail={server?.kind === 'openai' ? (selection.model ?? server.name) : undefined}
        />
      </RadioGroup.Root>
      {failed && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {t('selectFailed')}
        </p>
      )}
      {serversOpen ? (
        <div className="mt-3 animate-appear rounded-2xl border bg-surface p-4 sm:p-5">
          <ServerPanel connecting={connecting} found={found} />
        </div>
      ) : (
        <>
          <FoundPills
            found={found}
            busy={connecting.busy}
            onUse={(server) => void connecting.connectTo(server)}
          />
          {connecting.failure && (
            <div className="mt-3">
              <ConnectFailure failure={connecting.failure} />
            </div>
          )}
        </>
      )}
    </section>
  )
}
