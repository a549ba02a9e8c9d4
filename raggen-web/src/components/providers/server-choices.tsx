'use client'

import { Server } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useProviders } from './providers-context'

import type { Provider } from '@/components/api/wire'
import { MenuLabel, MenuLine, MenuRadio, MenuRadioGroup } from '@/components/ui/menu'

/** The connected servers in the picker, each with its models: one click chooses both. */
export function ServerChoices() {
  const { providers } = useProviders()
  const servers = providers?.filter(({ kind }) => kind === 'openai') ?? []
  return servers.map((server) => <ServerModels key={server.id} server={server} />)
}

function ServerModels({ server }: { server: Provider }) {
  const t = useTranslations('providers')
  const { selection, select, refresh } = useProviders()
  const models = server.available ? server.models : []
  const chosen = selection.providerId === server.id ? (selection.model ?? '') : ''
  return (
    <>
      <MenuLine />
      <MenuLabel className="truncate">{server.name}</MenuLabel>
      <MenuRadioGroup value={chosen}>
        {models.map((model) => (
          <MenuRadio
            key={model}
            value={model}
            data-testid={`provider-option-${server.id}`}
            data-model={model}
            onSelect={() => void select({ providerId: server.id, model }).catch(refresh)}
          >
            <Server aria-hidden />
            <span className="truncate">{model}</span>
          </MenuRadio>
        ))}
      </MenuRadioGroup>
      {models.length === 0 && (
        <p className="px-2.5 pb-1.5 text-xs text-muted">
          {t(server.available ? 'noModels' : 'serverDown')}
        </p>
      )}
    </>
  )
}
