'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { CertificateField } from './certificate-field'
import { FormFooter } from './form-footer'
import { KeyField } from './key-field'
import type { NewServer } from './providers-context'
import { ScopeField, SCOPES } from './scope-field'

import { Field } from '@/components/ui/field'

type GigaChatFormProps = { busy: boolean; onSubmit: (server: NewServer) => Promise<boolean> }

/** GigaChat: the authorization key, what it is for, the certificate, and where all of it is found. */
export function GigaChatForm({ busy, onSubmit }: GigaChatFormProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [key, setKey] = useState('')
  const [scope, setScope] = useState<string>(SCOPES[0])
  const [certificate, setCertificate] = useState<string | null>(null)
  const [url, setUrl] = useState('')
  const [authUrl, setAuthUrl] = useState('')
  const [missing, setMissing] = useState(false)

  async function submit() {
    if (busy) return
    setMissing(key.trim() === '')
    if (key.trim() === '') return document.getElementById(`${id}-key`)?.focus()
    const connected = await onSubmit({
      kind: 'gigachat',
      apiKey: key.trim(),
      options: {
        scope,
        ...(certificate && { certificate }),
        ...(authUrl.trim() && { authUrl: authUrl.trim() }),
      },
      ...(url.trim() && { baseUrl: url.trim() }),
    })
    if (connected) setKey('')
  }

  return (
    <form
      noValidate
      aria-labelledby={`${id}-heading`}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h3 id={`${id}-heading`} className="font-medium">
        {t('gigachat.connect')}
      </h3>
      <p className="mt-1 text-[0.8125rem] text-muted">{t('gigachat.where')}</p>
      <div className="mt-3 grid items-start gap-3 sm:grid-cols-2">
        <KeyField
          id={`${id}-key`}
          label={t('gigachat.key')}
          value={key}
          invalid={missing}
          describedBy={`${id}-note`}
          testId="gigachat-key-input"
          onChange={setKey}
        />
        <ScopeField id={`${id}-scope`} value={scope} onChange={setScope} />
      </div>
      <div className="mt-3">
        <CertificateField onChange={setCertificate} />
      </div>
      <details className="mt-3 text-[0.8125rem]">
        <summary className="w-fit cursor-pointer text-muted hover:text-ink">{t('more')}</summary>
        <div className="mt-2 grid gap-3">
          <Field
            id={`${id}-url`}
            label={t('url')}
            type="url"
            autoComplete="off"
            placeholder="https://gigachat.devices.sberbank.ru/api/v1"
            value={url}
            data-testid="gigachat-url-input"
            onChange={(event) => setUrl(event.target.value)}
          />
          <Field
            id={`${id}-auth`}
            label={t('gigachat.authUrl')}
            type="url"
            autoComplete="off"
            placeholder="https://ngw.devices.sberbank.ru:9443/api/v2/oauth"
            value={authUrl}
            data-testid="gigachat-auth-url-input"
            onChange={(event) => setAuthUrl(event.target.value)}
          />
        </div>
      </details>
      {missing && (
        <p role="alert" className="mt-2 text-danger">
          {t('gigachat.missing')}
        </p>
      )}
      <FormFooter busy={busy} noteId={`${id}-note`} />
    </form>
  )
}
