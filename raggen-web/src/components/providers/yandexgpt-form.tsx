'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { FormFooter } from './form-footer'
import { KeyField } from './key-field'
import type { NewServer } from './providers-context'

import { Field } from '@/components/ui/field'

type YandexGptFormProps = { busy: boolean; onSubmit: (server: NewServer) => Promise<boolean> }

/** YandexGPT: a folder and the key of a service account, and where both are found. */
export function YandexGptForm({ busy, onSubmit }: YandexGptFormProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [folder, setFolder] = useState('')
  const [key, setKey] = useState('')
  const [url, setUrl] = useState('')
  const [missing, setMissing] = useState(false)

  async function submit() {
    if (busy) return
    const incomplete = !/^[\w-]+$/.test(folder.trim()) || key.trim() === ''
    setMissing(incomplete)
    if (incomplete) {
      return document.getElementById(`${id}-${folder.trim() ? 'key' : 'folder'}`)?.focus()
    }
    const connected = await onSubmit({
      kind: 'yandexgpt',
      apiKey: key.trim(),
      options: { folder: folder.trim() },
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
        {t('yandexgpt.connect')}
      </h3>
      <p className="mt-1 text-[0.8125rem] text-muted">{t('yandexgpt.where')}</p>
      <div className="mt-3 grid gap-3 sm:grid-cols-2">
        <Field
          id={`${id}-folder`}
          label={t('yandexgpt.folder')}
          autoComplete="off"
          spellCheck={false}
          placeholder="b1g…"
          value={folder}
          aria-invalid={missing && !folder.trim()}
          data-testid="yandexgpt-folder-input"
          onChange={(event) => setFolder(event.target.value)}
        />
        <KeyField
          id={`${id}-key`}
          label={t('yandexgpt.key')}
          placeholder="AQVN…"
          value={key}
          invalid={missing && !key.trim()}
          describedBy={`${id}-note`}
          testId="yandexgpt-key-input"
          onChange={setKey}
        />
      </div>
      <details className="mt-3 text-[0.8125rem]">
        <summary className="w-fit cursor-pointer text-muted hover:text-ink">{t('more')}</summary>
        <Field
          id={`${id}-url`}
          label={t('url')}
          className="mt-2"
          type="url"
          autoComplete="off"
          placeholder="https://ai.api.cloud.yandex.net/v1"
          value={url}
          data-testid="yandexgpt-url-input"
          onChange={(event) => setUrl(event.target.value)}
        />
      </details>
      {missing && (
        <p role="alert" className="mt-2 text-danger">
          {t('yandexgpt.missing')}
        </p>
      )}
      <p className="mt-3 text-xs text-muted">{t('yandexgpt.privacy')}</p>
      <FormFooter busy={busy} noteId={`${id}-note`} />
    </form>
  )
}
