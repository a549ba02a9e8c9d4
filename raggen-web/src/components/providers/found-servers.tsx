'use client'

import { RefreshCw } from 'lucide-react'
import { useTranslations } from 'next-intl'

import type { NewServer } from './providers-context'
import type { Found } from './use-found-servers'

import { Button } from '@/components/ui/button'

type FoundServersProps = {
  found: Found
  /** The address that is being connected. */
  busy: string | null
  onUse: (server: NewServer) => void
}

/** What already runs on this computer, one click away. */
export function FoundServers({ found, busy, onUse }: FoundServersProps) {
  const t = useTranslations('providers')
  const { servers, look } = found
  return (
    <section aria-label={t('found')}>
      <div className="flex min-h-8 items-center justify-between gap-3">
        <h3 className="font-medium">{t('found')}</h3>
        <Button look="quiet" size="small" onClick={look} aria-disabled={!servers}>
          <RefreshCw aria-hidden className="size-3.5!" /> {t('lookAgain')}
        </Button>
      </div>
      {!servers && <p className="py-2 text-muted">{t('looking')}</p>}
      {servers?.length === 0 && <p className="py-2 text-muted">{t('foundNone')}</p>}
      <ul className="mt-1 space-y-1.5">
        {servers?.map(({ name, baseUrl, models }) => (
          <li key={baseUrl}>
            <button
              type="button"
              data-testid="discovered-server"
              aria-disabled={busy !== null}
              onClick={() => onUse({ name, baseUrl })}
              className="flex w-full items-center gap-3 rounded-xl border bg-raised px-3.5 py-2 text-left transition-colors hover:border-accent"
            >
              <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{name}</span>
                <span className="block truncate text-xs text-muted">
                  {baseUrl} · {t('models', { count: models.length })}
                </span>
              </span>
              <span className="shrink-0 text-[0.8125rem] font-medium text-accent">
                {busy === baseUrl ? t('connecting') : t('connect')}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
