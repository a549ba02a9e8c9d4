'use client'

import { ChevronDown, Plug, Quote, Sprout } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'

import { KIND_ICONS } from './kind-icons'
import { modelLabel } from './model-label'
import { ModelSearchDialog } from './model-search-dialog'
import { useProviders, useSelectedKind } from './providers-context'
import { ServerChoices } from './server-choices'
import { ServersDialog } from './servers-dialog'

import type { Provider } from '@/components/api/wire'
import { Button } from '@/components/ui/button'
import { MenuRadio, MenuRadioGroup, MenuTrigger } from '@/components/ui/menu'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuLine } from '@/components/ui/menu'

/** Who answers, in the header of every page: a menu of all that can, one click each. */
export function ProviderPicker() {
  const t = useTranslations('providers')
  const { providers, selection, select, failed, refresh } = useProviders()
  const kind = useSelectedKind()
  const [connecting, setConnecting] = useState(false)
  const [searched, setSearched] = useState<Provider | null>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const chosen = providers?.find(({ id }) => id === selection.providerId)
  const ownWords = kind === 'quotations' || kind === 'local'
  const model = selection.model === null ? null : modelLabel(selection.model)
  const name = ownWords ? t(`${kind}.short`) : (model ?? chosen?.name ?? t(`${kind}.name`))
  const local = providers?.find((provider) => provider.kind === 'local')
  const Icon = KIND_ICONS[kind]

  return (
    <>
      <Menu onOpenChange={(open) => open && void refresh()}>
        <MenuTrigger asChild>
          <Button
            ref={opener}
            look="quiet"
            size="small"
            data-testid="provider-picker"
            data-provider={selection.providerId}
            className="min-w-0 shrink text-ink"
          >
            <Icon aria-hidden className="text-accent" />
            <span className="sr-only">{t('heading')} </span>
            <span className="truncate">{name}</span>
            {!ownWords && selection.model && chosen && (
              <span className="hidden truncate text-muted sm:inline">{chosen.name}</span>
            )}
            <ChevronDown aria-hidden className="size-3.5! text-muted" />
          </Button>
        </MenuTrigger>
        <MenuContent align="end" className="w-72">
          <MenuLabel>{t('heading')}</MenuLabel>
          <MenuRadioGroup value={ownWords ? kind : ''}>
            <MenuRadio
              value="quotations"
              data-testid="provider-option-quotations"
              onSelect={() => void select({ providerId: 'quotations', model: null }).catch(refresh)}
            >
              <Quote aria-hidden /> {t('quotations.name')}
            </MenuRadio>
            <MenuRadio
              value="local"
              disabled={local?.available === false}
              data-testid="provider-option-local"
              onSelect={() =>
                void select({ providerId: 'local', model: local?.models[0] ?? null }).catch(refresh)
              }
            >
              <Sprout aria-hidden />
              <span>
                {t('local.name')}
                <span className="block text-xs text-muted">{t('local.badge')}</span>
              </span>
            </MenuRadio>
          </MenuRadioGroup>
          <ServerChoices onSearch={setSearched} />
          {failed && (
            <MenuItem
              onSelect={(event) => {
                event.preventDefault()
                void refresh()
              }}
            >
              {t('loadFailed')} {t('reload')}
            </MenuItem>
          )}
          <MenuLine />
          <MenuItem data-testid="provider-option-openai" onSelect={() => setConnecting(true)}>
            <Plug aria-hidden /> {t('manage')}
          </MenuItem>
        </MenuContent>
      </Menu>
      <ModelSearchDialog server={searched} onClose={() => setSearched(null)} opener={opener} />
      <ServersDialog open={connecting} onOpenChange={setConnecting} opener={opener} />
    </>
  )
}
