'use client'

import { ImageOff } from 'lucide-react'
import { useTranslations } from 'next-intl'

type MarkdownImageProps = { src?: unknown; alt?: string }

/**
 * Never loads the picture: fetching it would tell its server that, when and what was read here.
 * The description and, for a web address, a link stand in its place.
 */
export function MarkdownImage({ src, alt }: MarkdownImageProps) {
  const t = useTranslations('message')
  const address = typeof src === 'string' && /^https?:\/\//.test(src) ? src : null
  return (
    <span className="inline-flex max-w-full items-center gap-2 rounded-lg border px-2.5 py-1 align-middle text-sm text-muted">
      <ImageOff aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0">
        {t('imageNotLoaded')}
        {alt && `: ${alt}`}
        {address && (
          <>
            {' '}
            <a href={address} target="_blank" rel="noopener noreferrer nofollow ugc">
              {new URL(address).hostname}
              <span className="sr-only"> ({t('opensElsewhere')})</span>
            </a>
          </>
        )}
      </span>
    </span>
  )
}
