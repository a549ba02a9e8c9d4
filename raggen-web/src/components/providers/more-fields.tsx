'use client'

import type { ReactNode } from 'react'

type MoreFieldsProps = {
  label: string
  /** Unfolded from the start: something is set there. */
  open?: boolean
  children: ReactNode
}

/** What few people need, folded away. */
export function MoreFields({ label, open, children }: MoreFieldsProps) {
  return (
    <details open={open} className="text-[0.8125rem]">
      <summary className="w-fit cursor-pointer text-muted hover:text-ink">{label}</summary>
      <div className="mt-2 grid gap-3">{children}</div>
    </details>
  )
}
