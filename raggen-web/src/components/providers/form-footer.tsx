'use client'

import { useTranslations } from 'next-intl'

import { Button } from '@/components/ui/button'

/** The button that connects, and where the key goes. */
export function FormFooter({ busy, noteId }: { busy: boolean; noteId: string }) {
  const t = useTranslations('providers')
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        type="submit"
        look="primary"
        aria-disabled={busy}
        data-testid="server-connect"
        className="aria-disabled:opacity-60"
      >
        {busy ? t('connecting') : t('connect')}
      </Button>
      <p id={noteId} className="min-w-0 flex-1 basis-56 text-xs text-muted">
        {t('keyNote')}
      </p>
    </div>
  )
}
