'use client'

import { ChevronDown, Plug, Quote, Sprout } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'

import { useChoice, useChosenKind } from './choice-context'
import { ChoiceScope } from './choice-scope'
import { KIND_ICONS } from './kind-icons'
import { ModelSearchDialog } from './model-search-dialog'
import { useProviders } from './providers-context'
import { ServerChoices } from './server-choices'
import { ServersDialog } from './servers-dialog'
import { useChoosing } from './use-choosing'
import { useSelectionName } from './use-selection-name'

import type { Provider } from '@/components/api/wire'
import { Button } from '@/components/ui/button'
import { MenuRadio, MenuRadioGroup, MenuTrigger } from '@/components/ui/menu'
import { Menu, MenuContent, MenuItem, MenuLabel, MenuLine } from '@/components/ui/menu'

type ProviderPickerProps = { open: boolean; onOpenChange: (open: boolean) => void }

/** Who answers here: a menu of all that can, one click each. */
export function ProviderPicker({ open, onOpenChange }: ProviderPickerProps) {
  const t = useTranslations('providers')
  const { providers, failed, refresh } = useProviders()
  const { selection, scope } = useChoice()
  const { choose } = useChoosing()
  const kind = useChosenKind()
  const nameOf = useSelectionName()
  const [connecting, setConnecting] = useState(false)
  const [searched, setSearched] = useState<Provider | null>(null)
  const opener = useRef<HTMLButtonElement>(null)
  const chosen = providers?.find(({ id }) => id === selection.providerId)
  const ownWords = kind === 'quotations' || kind === 'local'
  const local = providers?.find((provider) => provider.kind === 'local')
  const Icon = KIND_ICONS[kind]
  const heading = t(scope === 'chat' ? 'choice.heading' : 'heading')

  return (
    <>
      <Menu
        open={open}
        onOpenChange={(opened) => {
          onOpenChange(opened)
          if (opened) void refresh()
        }}
      >
        <MenuTrigger asChild>
          <Button
            ref={opener}
            look="quiet"
            size="small"
            data-testid="provider-picker"
            data-provider={selection.providerId}
            data-scope={scope}
            className="min-w-0 shrink text-ink"
          >
            <Icon aria-hidden className="text-accent" />
            <span className="sr-only">{heading} </span>
            <span className="truncate">{nameOf(selection)}</span>
            {!ownWords && selection.model && chosen && (
              <span className="hidden truncate text-muted sm:inline">{chosen.name}</span>
            )}
            <ChevronDown aria-hidden className="size-3.5! text-muted" />
          </Button>
        </MenuTrigger>
        <MenuContent align="end" className="w-72">
          <MenuLabel>{heading}</MenuLabel>
          <MenuRadioGroup value={ownWords ? kind : ''}>
            <MenuRadio
              value="quotations"
              data-testid="provider-option-quotations"
              onSelect={() => choose({ providerId: 'quotations', model: null })}
            >
              <Quote aria-hidden /> {t('quotations.name')}
            </MenuRadio>
            <MenuRadio
              value="local"
              disabled={local?.available === false}
              data-testid="provider-option-local"
              onSelect={() => choose({ providerId: 'local', model: local?.models[0] ?? null })}
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
          <ChoiceScope />
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
