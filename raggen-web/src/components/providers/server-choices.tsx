'use client'

import { Server } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useProviders } from './providers-context'

import type { Provider } from '@/components/api/wire'
import { MenuRadio, MenuRadioGroup, MenuSub, MenuSubContent } from '@/components/ui/menu'
import { MenuLabel, MenuLine, MenuSubTrigger } from '@/components/ui/menu'

/** The connected servers in the picker: a server of one model is one click, others open their list. */
export function ServerChoices() {
  const t = useTranslations('providers')
  const { providers, selection } = useProviders()
  const servers = providers?.filter(({ kind }) => kind === 'openai') ?? []
  if (servers.length === 0) return null
  return (
    <>
      <MenuLine />
      <MenuLabel>{t('servers')}</MenuLabel>
      <MenuRadioGroup value={selection.providerId}>
        {servers.map((server) =>
          server.models.length > 1 ? (
            <ModelList key={server.id} server={server} />
          ) : (
            <OneModel key={server.id} server={server} />
          ),
        )}
      </MenuRadioGroup>
    </>
  )
}

function OneModel({ server }: { server: Provider }) {
  const t = useTranslations('providers')
  const { select, refresh } = useProviders()
  const model = server.models[0] ?? null
  return (
    <MenuRadio
      value={server.id}
      disabled={!server.available}
      data-testid={`provider-option-${server.id}`}
      onSelect={() => void select({ providerId: server.id, model }).catch(refresh)}
    >
      <Server aria-hidden />
      <span className="min-w-0">
        <span className="block truncate">{server.name}</span>
        <span className="block truncate text-xs text-muted">
          {server.available ? (model ?? t('models', { count: 0 })) : t('serverDown')}
        </span>
      </span>
    </MenuRadio>
  )
}

function ModelList({ server }: { server: Provider }) {
  const t = useTranslations('providers')
  const { selection, select, refresh } = useProviders()
  const chosen = selection.providerId === server.id ? (selection.model ?? '') : ''
  return (
    <MenuSub>
      <MenuSubTrigger data-testid={`provider-option-${server.id}`}>
        <Server aria-hidden className={chosen ? 'text-accent' : undefined} />
        <span className="min-w-0">
          <span className="block truncate">{server.name}</span>
          <span className="block truncate text-xs text-muted">
            {chosen || t('models', { count: server.models.length })}
          </span>
        </span>
      </MenuSubTrigger>
      <MenuSubContent>
        <MenuRadioGroup value={chosen}>
          {server.models.map((model) => (
            <MenuRadio
              key={model}
              value={model}
              data-testid="provider-model"
              onSelect={() => void select({ providerId: server.id, model }).catch(refresh)}
            >
              <span className="truncate">{model}</span>
            </MenuRadio>
          ))}
        </MenuRadioGroup>
      </MenuSubContent>
    </MenuSub>
  )
}
