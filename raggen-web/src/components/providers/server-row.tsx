'use client'

import { Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useProviders } from './providers-context'

import type { Provider } from '@/components/api/wire'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'

type ServerRowProps = {
  server: Provider
  onSelect: (model: string | null) => void
  onRemove: () => void
}

/** One connected server: its name, its models, whether it answers now. */
export function ServerRow({ server, onSelect, onRemove }: ServerRowProps) {
  const t = useTranslations('providers')
  const { selection } = useProviders()
  const chosen = selection.providerId === server.id
  const first = server.models[0] ?? null
  return (
    <li
      data-testid="connected-server"
      className={cn('rounded-xl border bg-raised px-3.5 py-2.5', chosen && 'border-accent')}
    >
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{server.name}</p>
          <p className="truncate text-xs text-muted">
            {server.baseUrl}
            {server.hasKey && ` · ${t('keySet')}`}
          </p>
        </div>
        {chosen ? (
          <span className="text-xs font-medium text-accent">{t('answers')}</span>
        ) : (
          <Button size="small" disabled={!server.available} onClick={() => onSelect(first)}>
            {t('choose')}
          </Button>
        )}
        <IconButton label={t('remove', { name: server.name })} onClick={onRemove}>
          <Unplug aria-hidden />
        </IconButton>
      </div>
      {!server.available && <p className="mt-1 text-xs text-caution">{t('serverDown')}</p>}
      {server.available && !first && <p className="mt-1 text-xs text-caution">{t('noModels')}</p>}
      {server.models.length > 0 && (
        <select
          aria-label={t('model', { name: server.name })}
          data-testid="server-model"
          value={chosen ? (selection.model ?? '') : (first ?? '')}
          onChange={(event) => onSelect(event.target.value)}
          className="mt-2 h-8 w-full rounded-lg border border-line-strong bg-canvas px-2 text-[0.8125rem]"
        >
          {server.models.map((model) => (
            <option key={model}>{model}</option>
          ))}
        </select>
      )}
    </li>
  )
}
