'use client'

import { useTranslations } from 'next-intl'
import { RadioGroup } from 'radix-ui'
import { useId, useState } from 'react'

import { useChosenKind } from './choice-context'
import { ConnectFailure } from './connect-failure'
import { FoundPills } from './found-pills'
import { modelLabel } from './model-label'
import { ProviderCard } from './provider-card'
import { useProviders } from './providers-context'
import { ServerPanel } from './server-panel'
import { useConnect } from './use-connect'
import { useFoundServers } from './use-found-servers'

import type { ProviderKind, ServerKind } from '@/components/api/wire'

function isServer(kind: ProviderKind): kind is ServerKind {
  return kind !== 'quotations' && kind !== 'local'
}

/** The ways to get an answer, side by side. Those that need an address or a key open their panel below. */
export function ProviderChooser() {
  const t = useTranslations('providers')
  const headingId = useId()
  const { providers, selection, select } = useProviders()
  const selectedKind = useChosenKind()
  const [panel, setPanel] = useState<ServerKind | null>(null)
  const connecting = useConnect()
  const found = useFoundServers()
  const [failed, setFailed] = useState(false)
  const kind = panel ?? selectedKind
  const local = providers?.find((provider) => provider.kind === 'local')
  const server = providers?.find(({ id }) => id === selection.providerId)

  async function choose(next: ProviderKind) {
    setFailed(false)
    // A server is chosen only once one is connected: until then the former choice goes on answering.
    setPanel(isServer(next) ? next : null)
    if (isServer(next)) return
    try {
      const model = next === 'local' ? (local?.models[0] ?? null) : null
      await select({ providerId: next, model })
    } catch {
      setFailed(true)
    }
  }

  const serverCard = (each: ServerKind, className?: string) => (
    <ProviderCard
      kind={each}
      className={className}
      // Also when it is chosen already: then no change of value would open the panel.
      onClick={() => setPanel(each)}
      detail={server?.kind === each ? modelLabel(selection.model ?? server.name) : undefined}
    />
  )

  return (
    <section aria-labelledby={headingId} className="mx-auto w-full max-w-3xl px-4">
      <h2 id={headingId} className="text-sm font-medium text-muted">
        {t('heading')}
      </h2>
      <RadioGroup.Root
        aria-labelledby={headingId}
        value={kind}
        onValueChange={(next) => void choose(next as ProviderKind)}
        className="mt-2.5 grid gap-2.5 sm:grid-cols-6"
      >
        <ProviderCard kind="quotations" className="sm:col-span-2" />
        <ProviderCard
          kind="local"
          className="sm:col-span-2"
          disabled={local?.available === false}
        />
        {serverCard('openai', 'sm:col-span-2')}
        {serverCard('yandexgpt', 'sm:col-span-3')}
        {serverCard('gigachat', 'sm:col-span-3')}
      </RadioGroup.Root>
      {failed && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {t('selectFailed')}
        </p>
      )}
      {panel ? (
        <div className="mt-3 animate-appear rounded-2xl border bg-surface p-4 sm:p-5">
          <ServerPanel key={panel} kind={panel} connecting={connecting} found={found} />
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
