'use client'

import { RadioGroup } from 'radix-ui'
import type { ReactNode } from 'react'

import { Hint } from './hint'

type Segment = { value: string; label: string; content: ReactNode; testId: string; lang?: string }
type SegmentsProps = {
  label: string
  value: string | null
  segments: Segment[]
  onChange: (value: string) => void
}

/** A small switch between two or three states (a radio group: arrow keys move and choose). */
export function Segments({ label, value, segments, onChange }: SegmentsProps) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={onChange}
      orientation="horizontal"
      className="flex rounded-lg bg-hover p-0.5"
    >
      {segments.map((segment) => (
        <Hint key={segment.value} text={segment.label}>
          {/* The tooltip writes its own data-state: the choice is styled by aria-checked. */}
          <RadioGroup.Item
            value={segment.value}
            aria-label={segment.label}
            lang={segment.lang}
            data-testid={segment.testId}
            className="flex h-7 min-w-8 items-center justify-center rounded-md px-2 text-xs font-medium text-muted transition-colors hover:text-ink aria-checked:bg-raised aria-checked:text-ink aria-checked:shadow-lift dark:aria-checked:bg-line-strong [&_svg]:size-3.5"
          >
            {segment.content}
          </RadioGroup.Item>
        </Hint>
      ))}
    </RadioGroup.Root>
  )
}
