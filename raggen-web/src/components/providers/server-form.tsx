'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { FormFooter } from './form-footer'
import { KeyField } from './key-field'
import type { NewServer } from './providers-context'

import { Field } from '@/components/ui/field'

type ServerFormProps = { busy: boolean; onSubmit: (server: NewServer) => Promise<boolean> }

/** "localhost:11434" means http; anything but a web address is null. */
export function normaliseUrl(written: string): string | null {
  const trimmed = written.trim()
  const withScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null
  return trimmed && (url?.protocol === 'http:' || url?.protocol === 'https:') ? withScheme : null
}

/** Any OpenAI-compatible server by its address, with a key where it wants one. */
export function ServerForm({ busy, onSubmit }: ServerFormProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [url, setUrl] = useState('')
  const [key, setKey] = useState('')
  const [invalid, setInvalid] = useState(false)

  async function submit() {
    if (busy) return
    const baseUrl = normaliseUrl(url)
    setInvalid(baseUrl === null)
    if (baseUrl === null) return document.getElementById(`${id}-url`)?.focus()
    const connected = await onSubmit({ baseUrl, ...(key ? { apiKey: key } : {}) })
    if (!connected) return
    setUrl('')
    setKey('')
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
        {t('addByUrl')}
      </h3>
      <div className="mt-2 grid gap-3 sm:grid-cols-[3fr_2fr]">
        <Field
          id={`${id}-url`}
          label={t('url')}
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('urlPlaceholder')}
          value={url}
          aria-invalid={invalid}
          aria-describedby={invalid ? `${id}-invalid` : undefined}
          data-testid="server-url-input"
          onChange={(event) => setUrl(event.target.value)}
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
      {invalid && (
        <p id={`${id}-invalid`} role="alert" className="mt-2 text-danger">
          {t('urlInvalid')}
        </p>
      )}
      <FormFooter busy={busy} noteId={`${id}-note`} />
    </form>
  )
}
