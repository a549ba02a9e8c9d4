'use client'

import { Upload } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useRef } from 'react'

import { ImportProgress } from './import-progress'
import { ImportResult } from './import-result'
import { ImportError } from './upload'
import { useImport } from './use-import'

import { useFailure } from '@/components/api/use-failure'
import { Button } from '@/components/ui/button'

/** Takes chats from a file, and says what came of it. */
export function ImportPart() {
  const t = useTranslations('transfer.import')
  const failureText = useFailure()
  const { state, start, stop } = useImport()
  const field = useRef<HTMLInputElement>(null)
  const running = state.step === 'running'
  return (
    <div>
      <h3 className="text-sm font-semibold">{t('title')}</h3>
      <p className="mt-1 text-sm text-muted">{t('body')}</p>
      <input
        ref={field}
        type="file"
        accept="application/json,.json"
        hidden
        data-testid="import-file"
        onChange={(event) => {
          const [file] = event.target.files ?? []
          event.target.value = '' // The same file may be chosen again.
          if (file) void start(file)
        }}
      />
      <Button
        className="mt-3"
        disabled={running}
        onClick={() => field.current?.click()}
        data-testid="import-choose"
      >
        <Upload aria-hidden />
        {t(state.step === 'idle' || running ? 'choose' : 'chooseAnother')}
      </Button>
      {running && <ImportProgress name={state.name} share={state.share} onStop={stop} />}
      <div role="status" className="empty:hidden">
        {state.step === 'done' && (
          <div className="mt-4" data-testid="import-result">
            <ImportResult result={state.result} />
          </div>
        )}
        {state.step === 'cancelled' && <p className="mt-4 text-sm">{t('cancelled')}</p>}
        {state.step === 'failed' && (
          <p className="mt-4 text-sm text-danger" data-testid="import-failed">
            {failureText(state.failure)}
            {state.failure instanceof ImportError &&
              state.failure.imported !== null &&
              ` ${t('brokenAfter', { count: state.failure.imported })}`}
          </p>
        )}
      </div>
    </div>
  )
}
