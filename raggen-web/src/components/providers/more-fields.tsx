'use client'

import type { ReactNode } from 'react'

/** What few people need, folded away. */
export function MoreFields({ label, children }: { label: string; children: ReactNode }) {
  return (
    <details className="text-[0.8125rem]">
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">{label}</summary>
      <div className="mt-2 grid gap-3">{children}</div>
    </details>
  )
}
