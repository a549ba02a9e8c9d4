'use client'

import { ImageOff } from 'lucide-react'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

type Node = {
  type: string
  tagName?: string
  value?: string
  properties?: Record<string, unknown>
  children?: Node[]
}

export const BLOCKED_LINK = 'blocked-link'
export const BLOCKED_IMAGE = 'blocked-image'

/**
 * What the hardening plugin blocked it marks with an English word; here these marks become elements
 * of their own, which `BlockedLink` and `BlockedImage` show in the person's language.
 */
export function namedBlocks() {
  return function visit(node: Node): void {
    const mark = node.properties?.class
    if (mark === BLOCKED_LINK || mark === BLOCKED_IMAGE) {
      node.tagName = mark
      node.properties = {}
      // Its own words: behind a link's text, or instead of a picture ("[Image blocked: alt]").
      const own = mark === BLOCKED_LINK ? node.children?.pop() : node.children?.[0]
      if (own && mark === BLOCKED_IMAGE) {
        own.value = /^\[Image blocked: (.*)\]$/s.exec(own.value ?? '')?.[1] ?? ''
      }
    }
    node.children?.forEach(visit)
  }
}

/** A link whose address would have run or opened something: its words, without the address. */
export function BlockedLink({ children }: { children?: ReactNode }) {
  const t = useTranslations('message')
  return (
    <span>
      {children} <span className="text-sm text-muted">({t('linkBlocked')})</span>
    </span>
  )
}

/** A picture whose address is not one of the web. */
export function BlockedImage({ children }: { children?: ReactNode }) {
  const t = useTranslations('message')
  return (
    <span className="inline-flex max-w-full items-center gap-2 rounded-lg border px-2.5 py-1 align-middle text-sm text-muted">
      <ImageOff aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0">
        {t('imageNotLoaded')}: {children}
      </span>
    </span>
  )
}
