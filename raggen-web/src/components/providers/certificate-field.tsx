'use client'

import { FileCheck2 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'

import { readCertificate } from './certificate-file'

/** More than any certificate with its chain. */
const MAX_BYTES = 64 * 1024

type CertificateFieldProps = {
  /** What is kept already, by its name. */
  kept?: string
  onChange: (pem: string) => void
}

/** The file of a root certificate; its text goes to raggen, which trusts it for this provider alone. */
export function CertificateField({ kept, onChange }: CertificateFieldProps) {
  const t = useTranslations('providers')
  const id = useId()
  const [name, setName] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)

  async function take(file: File | undefined) {
    if (!file) return
    const usable = file.size > 0 && file.size <= MAX_BYTES
    setFailed(!usable)
    if (!usable) return
    onChange(await readCertificate(file))
    setName(file.name)
  }

  return (
    <div>
      <p id={`${id}-label`} className="text-[0.8125rem] font-medium">
        {t('gigachat.certificate')}
      </p>
      <label className="mt-1 flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-lg border border-dashed border-line-strong bg-raised px-3 py-1.5 text-sm hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-accent">
        <FileCheck2 aria-hidden className="size-4 shrink-0 text-muted" />
        <span className="min-w-0 flex-1 truncate">{name ?? kept ?? t('gigachat.chooseFile')}</span>
        <input
          type="file"
          accept=".pem,.crt,.cer,.der"
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-note`}
          data-testid="gigachat-certificate-input"
          className="sr-only"
          onChange={(event) => void take(event.target.files?.[0])}
        />
      </label>
      <p id={`${id}-note`} className="mt-1 text-xs text-muted">
        {t('gigachat.certificateNote')}
      </p>
      {failed && (
        <p role="alert" className="mt-1 text-xs text-danger">
          {t('gigachat.certificateWrong')}
        </p>
      )}
    </div>
  )
}
