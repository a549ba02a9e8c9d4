'use client'

import Link from 'next/link'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** A link into raggen stays in the tab; any other opens a new one and learns nothing about this page. */
export function MarkdownLink({ href, children }: { href?: string; children?: ReactNode }) {
  const t = useTranslations('message')
  // Streamdown gives a link whose address is still being streamed this one.
  if (!href || href.startsWith('streamdown:')) return <span>{children}</span>
  if (/^\/(?!\/)/.test(href)) return <Link href={href}>{children}</Link>
  if (href.startsWith('#')) return <a href={`#answer-${href.slice(1)}`}>{children}</a>
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc">
      {children}
      <span className="sr-only"> ({t('opensElsewhere')})</span>
    </a>
  )
}
