'use client'

import { useTranslations } from 'next-intl'

import type { NewServer } from './providers-context'
import type { Found } from './use-found-servers'

type FoundPillsProps = { found: Found; busy: string | null; onUse: (server: NewServer) => void }

/** Servers found on this computer, offered below the choice: one click connects and chooses. */
export function FoundPills({ found, busy, onUse }: FoundPillsProps) {
  const t = useTranslations('providers')
  // The place is kept: what is found later must not move the page.
  if (!found.servers?.length) return <div className="mt-3 h-8" />
  return (
    <div className="mt-3 flex min-h-8 animate-appear flex-wrap items-center gap-2 text-[0.8125rem]">
      <p className="text-muted">{t('found')}:</p>
      {found.servers.map(({ name, baseUrl, models }) => (
        <button
          key={baseUrl}
          type="button"
          title={baseUrl}
          data-testid="discovered-server"
          aria-disabled={busy !== null}
          onClick={() => onUse({ name, baseUrl })}
          className="flex min-h-8 items-center gap-1.5 rounded-full border bg-raised px-3 transition-colors hover:border-accent"
        >
          <span className="font-medium">{t('connectNamed', { name })}</span>
          <span className="text-muted">
            {busy === baseUrl ? t('connecting') : t('models', { count: models.length })}
          </span>
        </button>
      ))}
    </div>
  )
}
