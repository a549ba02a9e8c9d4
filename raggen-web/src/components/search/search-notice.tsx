'use client'

import { CloudOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

import { useFailure } from '@/components/api/use-failure'
import type { SearchFindings } from '@/components/api/wire'
import { Button } from '@/components/ui/button'

type SearchNoticeProps = {
  /** What `findings` were found for. */
  text: string
  findings: SearchFindings | null
  failure: unknown
  nothingYet: boolean
  onRetry: () => void
}

/** What there is to say beside the results: none, not all that could be, or why none came. */
export function SearchNotice({ text, findings, failure, nothingYet, onRetry }: SearchNoticeProps) {
  const t = useTranslations('search')
  const failureText = useFailure()
  if (nothingYet) return <p className="px-3 py-4 text-sm text-muted">{t('nothingYet')}</p>
  if (failure) {
    return (
      <div role="alert" className="px-3 py-4 text-sm">
        <p>
          {t('failed')} {failureText(failure)}
        </p>
        <Button size="small" className="mt-3" onClick={onRetry}>
          {t('retry')}
        </Button>
      </div>
    )
  }
  if (!findings) return null
  const none = findings.messages.length === 0 && findings.chats.length === 0
  return (
    <>
      {findings.degraded && (
        <p
          data-testid="search-degraded"
          className="mx-1 mt-1 flex gap-2.5 rounded-lg bg-surface px-3 py-2 text-sm"
        >
          <CloudOff aria-hidden className="mt-0.5 size-4 shrink-0 text-caution" />
          {t('degraded')}
        </p>
      )}
      {none && (
        <div data-testid="search-none" className="px-3 py-4 text-sm">
          <p className="break-words">{t('none', { text })}</p>
          <p className="mt-1 text-muted">{t(findings.degraded ? 'noneDegraded' : 'noneHint')}</p>
        </div>
      )}
    </>
  )
}
