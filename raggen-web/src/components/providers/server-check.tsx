'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'

import { useProviders } from './providers-context'

import { requestJson } from '@/components/api/request'
import { useFailure } from '@/components/api/use-failure'
import type { Provider } from '@/components/api/wire'
import { cn } from '@/components/ui/cn'

type Result = { models: string[]; tookMs: number }
type State = 'idle' | 'checking' | { found: Result } | { error: unknown }

/** Asks the server now, and says what came of it. */
export function ServerCheck({ server }: { server: Provider }) {
  const t = useTranslations('providers')
  const explain = useFailure()
  const { refresh } = useProviders()
  const [state, setState] = useState<State>('idle')

  async function check() {
    if (state === 'checking') return
    setState('checking')
    try {
      const path = `/api/providers/${server.id}/check`
      setState({ found: await requestJson<Result>(path, { method: 'POST' }) })
    } catch (error) {
      setState({ error })
    }
    await refresh()
  }

  const found = typeof state === 'object' && 'found' in state ? state.found : null
  const error = typeof state === 'object' && 'error' in state ? state.error : null
  return (
    <div className="mt-1.5 flex flex-wrap items-baseline gap-x-2.5 text-[0.8125rem]">
      <button
        type="button"
        data-testid="server-check"
        aria-disabled={state === 'checking'}
        onClick={() => void check()}
        className="min-h-6 font-medium text-accent underline-offset-2 hover:underline"
      >
        {t(state === 'checking' ? 'check.checking' : 'check.check')}
      </button>
      <p
        role="status"
        data-testid="server-check-result"
        className={cn('min-w-0 flex-1 basis-40', error ? 'text-danger' : 'text-muted')}
      >
        {found && t('check.answers', { count: found.models.length, ms: found.tookMs })}
        {error !== null && explain(error)}
      </p>
    </div>
  )
}
