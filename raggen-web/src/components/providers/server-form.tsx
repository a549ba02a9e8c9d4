'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import type { NewServer } from './providers-context'

import { Button } from '@/components/ui/button'
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
        <Field
          id={`${id}-key`}
          label={t('key')}
          note={t('keyOptional')}
          type="password"
          autoComplete="off"
          value={key}
          aria-describedby={`${id}-note`}
          data-testid="server-key-input"
          onChange={(event) => setKey(event.target.value)}
        />
      </div>
      {invalid && (
        <p id={`${id}-invalid`} role="alert" className="mt-2 text-danger">
          {t('urlInvalid')}
        </p>
      )}
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
        <p id={`${id}-note`} className="min-w-0 flex-1 basis-56 text-xs text-muted">
          {t('keyNote')}
        </p>
      </div>
    </form>
  )
}
