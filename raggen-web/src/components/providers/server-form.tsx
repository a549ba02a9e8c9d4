'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { AddressField } from './address-field'
import { ConnectForm } from './connect-form'
import { HeaderFields } from './header-fields'
import { useHeaderRows } from './header-rows'
import { KeyField } from './key-field'
import { MoreFields } from './more-fields'
import type { NewServer } from './providers-context'
import { useHeaderProblem } from './use-header-problem'

type ServerFormProps = { busy: boolean; onSubmit: (server: NewServer) => Promise<boolean> }

/** "localhost:11434" means http; anything but a web address is null. */
export function normaliseUrl(written: string): string | null {
  const trimmed = written.trim()
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null
  return trimmed && (url?.protocol === 'http:' || url?.protocol === 'https:') ? withScheme : null
}

/** Any OpenAI-compatible server by its address, with a key and headers where it wants them. */
export function ServerForm({ busy, onSubmit }: ServerFormProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [url, setUrl] = useState('')
  const [key, setKey] = useState('')
  const [invalid, setInvalid] = useState(false)
  const headers = useHeaderRows()
  const headerProblem = useHeaderProblem(headers)

  async function submit() {
    const baseUrl = normaliseUrl(url)
    setInvalid(baseUrl === null)
    if (baseUrl === null) return document.getElementById(`${id}-url`)?.focus()
    if (headerProblem.found()) return
    const written = headers.written()
    const connected = await onSubmit({
      baseUrl,
      ...(key ? { apiKey: key } : {}),
      ...(Object.keys(written).length > 0 && { headers: written }),
    })
    if (!connected) return
    setUrl('')
    setKey('')
    headers.clear()
  }

  return (
    <ConnectForm
      id={id}
      heading={t('addByUrl')}
      problem={invalid ? t('urlInvalid') : headerProblem.sentence}
      busy={busy}
      onSubmit={submit}
    >
      <div className="grid gap-3 sm:grid-cols-[3fr_2fr]">
        <AddressField
          id={`${id}-url`}
          placeholder={t('urlPlaceholder')}
          value={url}
          aria-invalid={invalid}
          aria-describedby={invalid ? `${id}-problem` : undefined}
          data-testid="server-url-input"
          onChange={setUrl}
        />
        <KeyField
          id={`${id}-key`}
          label={t('key')}
          note={t('keyOptional')}
          value={key}
          describedBy={`${id}-note`}
          testId="server-key-input"
          onChange={setKey}
        />
      </div>
      <MoreFields label={t('headers.title')}>
        <HeaderFields headers={headers} />
      </MoreFields>
    </ConnectForm>
  )
}
