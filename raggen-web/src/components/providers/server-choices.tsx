'use client'

import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useChoice } from './choice-context'
import { KIND_ICONS } from './kind-icons'
import { modelLabel } from './model-label'
import { useProviders } from './providers-context'
import { useChoosing } from './use-choosing'

import { useFailure } from '@/components/api/use-failure'
import type { Provider } from '@/components/api/wire'
import { MenuItem, MenuLabel, MenuLine, MenuRadio, MenuRadioGroup } from '@/components/ui/menu'

/** As many as a menu shows; the others are searched. */
const SHOWN = 6

type ServerChoicesProps = { onSearch: (server: Provider) => void }

/** The connected servers in the picker, each with its models: one click chooses both. */
export function ServerChoices({ onSearch }: ServerChoicesProps) {
  const { providers } = useProviders()
  const servers = providers?.filter(({ kind }) => kind !== 'quotations' && kind !== 'local') ?? []
  return servers.map((server) => (
    <ServerMenu key={server.id} server={server} onSearch={() => onSearch(server)} />
  ))
}

/** The chosen model is always among those shown. */
function shownModels(models: string[], chosen: string): string[] {
  if (models.length <= SHOWN) return models
  const first = models.slice(0, SHOWN)
  return models.includes(chosen) && !first.includes(chosen)
    ? [chosen, ...first.slice(0, SHOWN - 1)]
    : first
}

function ServerMenu({ server, onSearch }: { server: Provider; onSearch: () => void }) {
  const t = useTranslations('providers')
  const explain = useFailure()
  const { selection } = useChoice()
  const { choose } = useChoosing()
  const models = server.available ? server.models : []
  const chosen = selection.providerId === server.id ? (selection.model ?? '') : ''
  const shown = shownModels(models, chosen)
  const Icon = KIND_ICONS[server.kind]
  return (
    <>
      <MenuLine />
      <MenuLabel className="truncate">{server.name}</MenuLabel>
      <MenuRadioGroup value={chosen}>
        {shown.map((model) => (
          <MenuRadio
            key={model}
            value={model}
            data-testid={`provider-option-${server.id}`}
            data-model={model}
            onSelect={() => choose({ providerId: server.id, model })}
          >
            <Icon aria-hidden />
            <span className="truncate">{modelLabel(model)}</span>
          </MenuRadio>
        ))}
      </MenuRadioGroup>
      {models.length > shown.length && (
        <MenuItem data-testid={`provider-search-${server.id}`} onSelect={onSearch}>
          <Search aria-hidden /> {t('allModels', { count: models.length })}
        </MenuItem>
      )}
      {models.length === 0 && (
        <p className="px-2.5 pb-1.5 text-xs text-muted">
          {server.available
            ? t('noModels')
            : server.errorCode
              ? explain(server.errorCode)
              : t('serverDown')}
        </p>
      )}
    </>
  )
}
