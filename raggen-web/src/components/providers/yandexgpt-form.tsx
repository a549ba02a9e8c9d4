'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { AddressField } from './address-field'
import { ConnectForm } from './connect-form'
import { KeyField } from './key-field'
import { MoreFields } from './more-fields'
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
    <ConnectForm
      id={id}
      heading={t('yandexgpt.connect')}
      where={t('yandexgpt.where')}
      problem={missing ? t('yandexgpt.missing') : null}
      note={t('yandexgpt.privacy')}
      busy={busy}
      onSubmit={submit}
    >
      <div className="grid gap-3 sm:grid-cols-2">
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
      <MoreFields label={t('more')}>
        <AddressField
          id={`${id}-url`}
          placeholder="https://ai.api.cloud.yandex.net/v1"
          value={url}
          data-testid="yandexgpt-url-input"
          onChange={setUrl}
        />
      </MoreFields>
    </ConnectForm>
  )
}
