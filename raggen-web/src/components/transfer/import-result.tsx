'use client'

import { useTranslations } from 'next-intl'

import type { Imported, Skipped } from '@/components/api/wire'

/** Sentences enough: nobody reads a thousand. */
const SHOWN = 50

/** What came of an import: how many chats are new, how many were here, and which were left out and why. */
export function ImportResult({ result }: { result: Imported }) {
  const t = useTranslations('transfer.import')
  const { imported, unchanged, skipped } = result
  const why = ({ reason, at }: Skipped) =>
    reason === 'invalid' && at ? t('reason.invalidAt', { at }) : t(`reason.${reason}`)
  return (
    <div className="text-sm">
      <p className="font-medium" data-testid="import-imported">
        {t('imported', { count: imported })}
        {unchanged > 0 && `, ${t('unchanged', { count: unchanged })}`}
      </p>
      {skipped.length > 0 && (
        <>
          <p className="mt-2">{t('skipped', { count: skipped.length })}</p>
          <ul className="mt-1 max-h-60 list-disc space-y-1 overflow-y-auto pl-5" tabIndex={0}>
            {skipped.slice(0, SHOWN).map((chat, index) => (
              <li key={index} data-testid="import-skipped" className="break-words">
                <span className="font-medium">{chat.title || t('unnamed')}</span> – {why(chat)}
              </li>
            ))}
            {skipped.length > SHOWN && <li aria-hidden>…</li>}
          </ul>
        </>
      )}
    </div>
  )
}
