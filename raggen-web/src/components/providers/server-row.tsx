'use client'

import { Pencil, Unplug } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { useChoice } from './choice-context'
import { KIND_ICONS } from './kind-icons'
import { ServerCheck } from './server-check'
import { ServerEdit } from './server-edit'
import { ServerModels } from './server-models'

import { useFailure } from '@/components/api/use-failure'
import type { Provider } from '@/components/api/wire'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'

type ServerRowProps = {
  server: Provider
  onSelect: (model: string | null) => void
  onRemove: () => void
}

/** One connected server: its name, its models, whether it answers now; its key can be changed. */
export function ServerRow({ server, onSelect, onRemove }: ServerRowProps) {
  const t = useTranslations('providers')
  const explain = useFailure()
  const { selection } = useChoice()
  const [editing, setEditing] = useState(false)
  const chosen = selection.providerId === server.id
  const first = server.models[0] ?? null
  const fixed = server.source === 'environment'
  const Icon = KIND_ICONS[server.kind]
  return (
    <li
      data-testid="connected-server"
      data-provider={server.id}
      className={cn('rounded-xl border bg-raised px-3.5 py-2.5', chosen && 'border-accent')}
    >
      <div className="flex items-center gap-2.5">
        <Icon
          aria-hidden
          className={cn('size-4 shrink-0', chosen ? 'text-accent' : 'text-muted')}
        />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{server.name}</p>
          <p className="truncate text-xs text-muted">
            {server.kind === 'openai' ? server.baseUrl : new URL(server.baseUrl ?? '').host}
            {fixed ? ` · ${t('fromEnvironment')}` : server.hasKey && ` · ${t('keySet')}`}
          </p>
        </div>
        {chosen ? (
          <span className="sr-only shrink-0 text-xs font-medium text-accent sm:not-sr-only">
            {t('answers')}
          </span>
        ) : (
          <Button size="small" disabled={!server.available} onClick={() => onSelect(first)}>
            {t('choose')}
          </Button>
        )}
        {!fixed && (
          <>
            <IconButton
              label={t('edit', { name: server.name })}
              data-testid="server-edit"
              aria-expanded={editing}
              onClick={() => setEditing(!editing)}
            >
              <Pencil aria-hidden />
            </IconButton>
            <IconButton label={t('remove', { name: server.name })} onClick={onRemove}>
              <Unplug aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      {!server.available && (
        <p className="mt-1.5 text-[0.8125rem] text-caution" data-testid="server-problem">
          {server.errorCode ? explain(server.errorCode) : t('serverDown')}
        </p>
      )}
      {server.available && !first && <p className="mt-1 text-xs text-caution">{t('noModels')}</p>}
      <ServerModels
        server={server}
        value={chosen ? (selection.model ?? '') : (first ?? '')}
        onChange={onSelect}
      />
      <ServerCheck server={server} />
      {editing && <ServerEdit server={server} onDone={() => setEditing(false)} />}
    </li>
  )
}
