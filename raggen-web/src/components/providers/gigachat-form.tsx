'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { AddressField } from './address-field'
import { CertificateField } from './certificate-field'
import { ConnectForm } from './connect-form'
import { KeyField } from './key-field'
import { MoreFields } from './more-fields'
import type { NewServer } from './providers-context'
import { ScopeField, SCOPES } from './scope-field'

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
    <ConnectForm
      id={id}
      heading={t('gigachat.connect')}
      where={t('gigachat.where')}
      problem={missing ? t('gigachat.missing') : null}
      busy={busy}
      onSubmit={submit}
    >
      <div className="grid items-start gap-3 sm:grid-cols-2">
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
      <CertificateField onChange={setCertificate} />
      <MoreFields label={t('more')}>
        <AddressField
          id={`${id}-url`}
          placeholder="https://gigachat.devices.sberbank.ru/api/v1"
          value={url}
          data-testid="gigachat-url-input"
          onChange={setUrl}
        />
        <AddressField
          id={`${id}-auth`}
          label={t('gigachat.authUrl')}
          placeholder="https://ngw.devices.sberbank.ru:9443/api/v2/oauth"
          value={authUrl}
          data-testid="gigachat-auth-url-input"
          onChange={setAuthUrl}
        />
      </MoreFields>
    </ConnectForm>
  )
}
