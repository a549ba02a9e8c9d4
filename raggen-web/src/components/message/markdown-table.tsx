'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** A wide table scrolls inside itself; focusable, so that the keyboard can scroll it too. */
export function MarkdownTable({ children }: { children?: ReactNode }) {
  const t = useTranslations('message')
  return (
    <div role="group" aria-label={t('table')} tabIndex={0} className="my-4 overflow-x-auto">
      <table className="my-0!">{children}</table>
    </div>
  )
}
