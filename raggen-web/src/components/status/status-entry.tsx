import type { ReactNode } from 'react'

import { cn } from '@/components/ui/cn'

type StatusEntryProps = { dot: string; title: string; testId?: string; children: ReactNode }

/** One service: a coloured dot, what it is, and what that means. */
export function StatusEntry({ dot, title, testId, children }: StatusEntryProps) {
  return (
    <div data-testid={testId} className="flex gap-2.5">
      <span aria-hidden className={cn('mt-1 size-2 shrink-0 rounded-full', dot)} />
      <p className="min-w-0 wrap-anywhere">
        <span className="block font-medium text-ink">{title}</span>
        {children}
      </p>
    </div>
  )
}
