'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { CertificateField } from './certificate-field'
import { HeaderFields } from './header-fields'
import { useHeaderRows } from './header-rows'
import { KeyField } from './key-field'
import { MoreFields } from './more-fields'
import { useProviders, type ServerChange } from './providers-context'
import { ScopeField, SCOPES } from './scope-field'
import { useHeaderProblem } from './use-header-problem'

import { useFailure } from '@/components/api/use-failure'
import type { Provider } from '@/components/api/wire'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'

type ServerEditProps = { server: Provider; onDone: () => void }

/** A number that was written, null for none. */
const numberOf = (written: string) => (written.trim() === '' ? null : Number(written))

/** Name, key and options of a connected server. What does not work is not kept, and says why. */
export function ServerEdit({ server, onDone }: ServerEditProps) {
  const t = useTranslations('providers')
  const id = useId()
  const explain = useFailure()
  const { change } = useProviders()
  const { options = {} } = server
  const [name, setName] = useState(server.name)
  const [key, setKey] = useState('')
  const [windowTokens, setWindowTokens] = useState(String(options.windowTokens ?? ''))
  const [folder, setFolder] = useState(options.folder ?? '')
  const [scope, setScope] = useState(options.scope ?? SCOPES[0])
  const [concurrency, setConcurrency] = useState(String(options.concurrency ?? ''))
  const [certificate, setCertificate] = useState<string | null>(null)
  const headers = useHeaderRows(options.headerNames)
  const headerProblem = useHeaderProblem(headers)
  const takesHeaders = server.kind === 'openai'
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)

  async function save() {
    if (busy || headerProblem.found()) return
    const wanted: ServerChange = {
      ...(name.trim() && { name: name.trim() }),
      ...(key.trim() && { apiKey: key.trim() }),
      ...(takesHeaders && { headers: headers.written() }),
      options: {
        windowTokens: numberOf(windowTokens),
        ...(server.kind === 'yandexgpt' && { folder: folder.trim() }),
        ...(server.kind === 'gigachat' && { scope, concurrency: numberOf(concurrency) }),
        ...(certificate !== null && { certificate }),
      },
    }
    setBusy(true)
    setFailure(null)
    try {
      await change(server.id, wanted)
      onDone()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }

  const text = (field: string, label: string, value: string, set: (text: string) => void) => (
    <Field
      id={`${id}-${field}`}
      label={label}
      autoComplete="off"
      value={value}
      data-testid={`server-edit-${field}`}
      onChange={(event) => set(event.target.value)}
    />
  )
  const number = (field: 'window' | 'concurrency', value: string, set: (text: string) => void) => (
    <Field
      id={`${id}-${field}`}
      label={t(`editing.${field}`)}
      type="number"
      inputMode="numeric"
      min={field === 'window' ? 512 : 1}
      placeholder={t(`editing.${field}Default`)}
      value={value}
      data-testid={`server-edit-${field}`}
      onChange={(event) => set(event.target.value)}
    />
  )
  return (
    <form
      noValidate
      data-testid="server-edit-form"
      aria-label={t('edit', { name: server.name })}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      className="mt-3 animate-appear border-t pt-3"
    >
      <div className="grid items-start gap-3 sm:grid-cols-2">
        {text('name', t('editing.name'), name, setName)}
        <KeyField
          id={`${id}-key`}
          label={t('editing.key')}
          placeholder={t(server.hasKey ? 'editing.keyKept' : 'editing.keyNone')}
          value={key}
          testId="server-edit-key"
          onChange={setKey}
        />
        {server.kind === 'yandexgpt' && text('folder', t('yandexgpt.folder'), folder, setFolder)}
        {server.kind === 'gigachat' && (
          <ScopeField id={`${id}-scope`} value={scope} onChange={setScope} />
        )}
        {server.kind === 'gigachat' && number('concurrency', concurrency, setConcurrency)}
        {number('window', windowTokens, setWindowTokens)}
      </div>
      {server.kind === 'gigachat' && (
        <div className="mt-3">
          <CertificateField kept={options.certificateName} onChange={setCertificate} />
        </div>
      )}
      {takesHeaders && (
        <div className="mt-3">
          <MoreFields label={t('headers.title')} open={options.headerNames !== undefined}>
            <HeaderFields headers={headers} />
          </MoreFields>
        </div>
      )}
      {headerProblem.sentence !== null && (
        <p role="alert" className="mt-3 text-[0.8125rem] text-danger">
          {headerProblem.sentence}
        </p>
      )}
      {failure !== null && (
        <p role="alert" className="mt-3 rounded-lg bg-danger-soft px-3 py-2 text-[0.8125rem]">
          <span className="font-medium text-danger">{t('editing.failed')}</span> {explain(failure)}
        </p>
      )}
      <div className="mt-3 flex gap-2">
        <Button
          type="submit"
          look="primary"
          size="small"
          aria-disabled={busy}
          data-testid="server-edit-save"
        >
          {t(busy ? 'editing.saving' : 'editing.save')}
        </Button>
        <Button size="small" onClick={onDone}>
          {t('editing.cancel')}
        </Button>
      </div>
    </form>
  )
}
